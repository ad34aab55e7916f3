import * as z from 'zod';
import { contextValue } from '../access/context-value.ts';

const alarms = z.strictObject(
  { email: z.email({ error: 'must be an e-mail address' }).optional() },
  { error: 'must be an object, as in {"email": "ops@example.com"}' },
);

/** Whom alarms tell. */
export type AlarmsContext = z.output<typeof alarms>;

/** The context value `alarms`; without it, alarms show and tell nobody. */
export const readAlarms = (context: unknown): AlarmsContext | undefined =>
  context === undefined ? undefined : contextValue('alarms', alarms, context, Object.keys(alarms.shape));
