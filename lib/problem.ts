import type { ProblemDetails } from './problem-details.ts';

/** An error that a caller may see. Everything that Switchboard throws on purpose is one of these. */
export class Problem extends Error {
  readonly details: ProblemDetails;

  constructor(details: Omit<ProblemDetails, 'type' | 'instance'>, options?: ErrorOptions) {
    super(details.detail, options);
    this.name = details.code;
    this.details = { type: `/errors/${details.code}`, ...details };
  }

  /** The problem as the caller of one request gets it. */
  for(requestId: string): ProblemDetails {
    return { ...this.details, instance: `urn:uuid:${requestId}` };
  }
}
