import * as z from 'zod';
import { contextValue } from '../access/context-value.ts';

const audit = z.strictObject(
  { table: z.boolean({ error: 'must be true or false' }).default(false) },
  { error: 'must be an object, as in {"table": true}' },
);

/** Where the records of changes go besides the log and the event bus. */
export type AuditContext = z.output<typeof audit>;

/** The context value `audit`; without it, there is no table. */
export const readAudit = (context: unknown): AuditContext =>
  contextValue('audit', audit, context ?? {}, Object.keys(audit.shape));
