import { Problem } from './problems/problem.ts';

/**
 * Whether a failure leaves open if what was sent took effect: no answer came, or one that does not tell. A `whole`
 * change, made in a transaction, is open only where that itself could not be found out.
 */
export function leavesOpen(error: unknown, whole: boolean): boolean {
  if (!(error instanceof Problem)) return true;
  const { code, status, upstream } = error.details;
  if (whole) return code === 'OUTCOME_UNKNOWN';
  if (code === 'UPSTREAM_UNTRUSTED') return false;
  const answered = upstream?.status ?? status;
  // What is refused or sent elsewhere is not done; a 200 that cannot be read may be.
  return answered < 300 || answered >= 500;
}
