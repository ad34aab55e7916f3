import type { Language } from '../language.ts';

/** Whether the call may be tried again, and after what. */
export type Retry =
  /** No repeat helps: this is not on offer, is gone for good, or is done already. */
  | 'never'
  /** The very same call may succeed later by itself. */
  | 'afterWaiting'
  /** The caller has to send something else. */
  | 'afterRequestChange'
  /** Something has to change in the upstream system first: a state, its set-up, a version, a quota. */
  | 'afterSystemChange'
  /** A role, a key or an access list has to change first. */
  | 'afterAccessChange';

/** What the catalogue says about one error code of Ops Manager, which shares its codes with Atlas. */
export interface ErrorEntry extends Readonly<Record<Language, ErrorText>> {
  /** The HTTP status that comes with it; `unknown` where no document tells. */
  readonly status: number | 'unknown';
  /** The status in Atlas, where it is another. */
  readonly atlasStatus?: number;
  /** Its name from when access lists were called whitelists. */
  readonly formerCode?: string;
  /** Names for the values in the upstream's `parameters`, in their order. */
  readonly parameters: readonly string[];
  readonly retry: Retry;
}

/** Placeholders such as `{group}` stand in parentheses, which go where there is no value for them. */
export interface ErrorText {
  readonly message: string;
  readonly remedy: string;
}
