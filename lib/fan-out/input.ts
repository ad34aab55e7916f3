import * as z from 'zod';

/** The names of the operations that begin a fan-out and tell how it goes. */
export const fanOutStart = 'fanOut.start';
export const fanOutGet = 'fanOut.get';

/** What the state machine of fan-outs is started with: `infra/fan-out-definition.ts` reads it. */
export const fanOutInput = z.object({
  /** The execution's own name. */
  id: z.string(),
  operation: z.string(),
  functionName: z.string(),
  /** What is run over each connection. */
  runs: z.array(z.object({ connection: z.string(), input: z.record(z.string(), z.unknown()) })),
  actor: z.string(),
  toleratedFailurePercentage: z.number(),
});

export type FanOutInput = z.output<typeof fanOutInput>;
