import type { System } from '../system.ts';

/** The catalogue of errors. There is nothing behind it that one connects to. */
export const errors: System<'errors', undefined> = {
  name: 'errors',
  title: 'Error catalogue',
  use: (_call, work) => work(undefined),
};
