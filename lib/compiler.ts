import * as z from 'zod';

/** Zod's compiler, in a file of its own so that it is loaded where it is wanted and not before. */
export const compile = z.compile;
