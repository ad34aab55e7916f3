/**
 * How often something is tried that shows more the longer it goes on: a few times in `npm test`, in full in
 * `npm run soak`.
 */
export const times = (few: number, all: number): number => (process.env['SOAK'] ? all : few);

/** The seed that is to be tried again alone, as a failure names it: `SEED=… npx node --test …`. */
export const givenSeed: number | undefined =
  process.env['SEED'] === undefined ? undefined : Number(process.env['SEED']);
