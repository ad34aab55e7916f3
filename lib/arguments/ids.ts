import * as z from 'zod';
import { orMissing } from '../field-errors.ts';

/** The id of something in Atlas or Ops Manager. */
export const objectId = (what: string) =>
  z
    .string({ error: orMissing(`must be the id of ${what}`) })
    .regex(/^[a-f0-9]{24}$/, 'must be 24 lower-case hexadecimal digits');

export const orgId = objectId('an organization').describe('The organization.');

export const groupId = objectId('a project').describe('The project, which the APIs call a group.');

export const apiKeyId = objectId('an API key').describe('The API key, by its id and not its public half.');

export const clientId = z
  .string({ error: orMissing('must be the client id of a service account') })
  .regex(/^mdb_sa_id_[a-fA-F\d]{24}$/, 'must be mdb_sa_id_ followed by 24 hexadecimal digits')
  .describe('The service account, by its client id.');
