import type { System } from '../system.ts';

/** The changes themselves, whatever they are changes of. */
export const changes: System<'changes', undefined> = {
  name: 'changes',
  title: 'Changes',
  use: (_call, work) => work(undefined),
};
