import type { Response } from '../listen.ts';
import { apiError } from './api-error.ts';

/** The refusal of a caller that has signed in with a credential whose access list lacks its address. */
export const addressRefused = (address: string): Response =>
  apiError(
    403,
    'IP_ADDRESS_NOT_ON_ACCESS_LIST',
    `IP address ${address} is not allowed to access this resource.`,
    [address],
  );

/** The refusal of a caller that lacks the role. Atlas and Ops Manager give it different statuses. */
export const roleRefused = (status: 401 | 403): Response =>
  apiError(status, 'USER_UNAUTHORIZED', 'Current user is not authorized to perform this action.', []);

/** What either side of a live migration answers where no link exists. */
export const linkNotFound = (): Response =>
  apiError(404, 'UNEXPECTED_ERROR', 'Could not find the requested external organization link.');
