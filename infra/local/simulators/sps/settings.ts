/** How the simulated SPS behaves. All of it may be changed while it runs. */
export interface SpsSettings {
  /** The version that it stands for; what follows from it may be set one by one, too. */
  profile: '6.0' | '7.1' | '7.5' | '8.0';
  /** How long a session lasts without a request. A commit of another `management/webinterface` changes it. */
  sessionIdleSeconds: number;
  /** How long a session with an open transaction lasts without a request. */
  txSeconds: number;
  /** Whether one transaction at a time locks out all others, or whether a commit that comes too late fails. */
  lockMode: 'exclusive' | 'optimistic';
  /** Whether the first change opens a transaction by itself. As in the profile unless set. */
  implicitOpen: boolean | undefined;
  /** Wants a commit message even where `management/accounting` does not. */
  requireCommitMessage: boolean;
  /** Who has to send `X-Token` with a change; `browser-ua` are those that look like a browser. */
  requireXToken: boolean | 'browser-ua' | undefined;
  /** Whether a PUT must have every key. Otherwise the missing ones stay as they are. */
  strictKeys: boolean;
  /** Whether a PUT must name what it refers to by the bare key. Otherwise `{key, meta}` will do. */
  strictRefs: boolean;
  lockedStatus: number;
  /** What every successful PUT of an object answers, whatever is documented for it. */
  putStatus: number | undefined;
  /** Under which key the state of the transaction is. As in the profile unless set. */
  statusShape: 'transaction' | 'body' | undefined;
  /** Names of alerts that no document has; they come first. */
  extraAlertKeys: string[];
  /** The ways to sign in. One of them is taken where a login names none. */
  loginMethods: { name: string; type: string }[];
  defaultLoginMethod: string;
  /** Whether a roll back succeeds where there is nothing to roll back. */
  rollsBackClosed: boolean;
  /** How far the appliance's clock is ahead. */
  clockSkewSeconds: number;
  /** Whether changes are told object by object, or field by field. */
  changesGranularity: 'object' | 'leaf';
  /** How long every answer takes. What was asked for is done at once. */
  latencyMs: number;
}

export const defaults: SpsSettings = {
  profile: '7.1',
  sessionIdleSeconds: 1_200,
  txSeconds: 600,
  lockMode: 'exclusive',
  implicitOpen: undefined,
  requireCommitMessage: false,
  requireXToken: undefined,
  strictKeys: true,
  strictRefs: true,
  lockedStatus: 409,
  putStatus: undefined,
  statusShape: undefined,
  extraAlertKeys: [],
  loginMethods: [{ name: 'local', type: 'password' }],
  defaultLoginMethod: 'local',
  rollsBackClosed: false,
  clockSkewSeconds: 0,
  changesGranularity: 'object',
  latencyMs: 0,
};

// Documented: how transactions open, the 8.0 shape, and how login methods are found. Known from a public client:
// that browsers need a token since 7.5. Assumed: the shape on 7.1 and 7.5, and the token on 8.0.
const profiles = {
  '6.0': { implicitOpen: false, requireXToken: false, statusShape: 'transaction', listsLoginMethods: false },
  '7.1': { implicitOpen: true, requireXToken: false, statusShape: 'transaction', listsLoginMethods: true },
  '7.5': {
    implicitOpen: true,
    requireXToken: 'browser-ua',
    statusShape: 'transaction',
    listsLoginMethods: true,
  },
  '8.0': { implicitOpen: true, requireXToken: 'browser-ua', statusShape: 'body', listsLoginMethods: true },
} as const;

/** What depends on the version, after what was set. */
export function traitsOf({ profile, implicitOpen, requireXToken, statusShape }: SpsSettings) {
  const usual = profiles[profile];
  return {
    implicitOpen: implicitOpen ?? usual.implicitOpen,
    requireXToken: requireXToken ?? usual.requireXToken,
    statusShape: statusShape ?? usual.statusShape,
    /** Whether login methods are found at `login_methods`; at `types` otherwise. */
    listsLoginMethods: usual.listsLoginMethods,
    /** Whether the caller is told the method by which it signed in. */
    tellsLoginMethod: profile === '7.5' || profile === '8.0',
  };
}
