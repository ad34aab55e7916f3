import type { Response } from '../listen.ts';
import { apiError } from './api-error.ts';

const refused = (errorCode: string, detail: string, parameters: string[]): Response =>
  apiError(403, errorCode, detail, parameters);

/** The reasons for which Atlas refuses a caller that has signed in, by the error code. */
export const refusals = {
  IP_ADDRESS_NOT_ON_ACCESS_LIST: (address: string) =>
    refused(
      'IP_ADDRESS_NOT_ON_ACCESS_LIST',
      `IP address ${address} is not allowed to access this resource.`,
      [address],
    ),
  ORG_REQUIRES_ACCESS_LIST: (address: string) =>
    refused(
      'ORG_REQUIRES_ACCESS_LIST',
      'This organization requires access through an access list of ip ranges.',
      [address],
    ),
  // Assumed: Atlas's code for a missing role has been seen with 401 on older versions of its API.
  USER_UNAUTHORIZED: () =>
    refused('USER_UNAUTHORIZED', 'Current user is not authorized to perform this action.', []),
};
