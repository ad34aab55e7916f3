import * as z from 'zod';

/** What JSON can say. Objects that hide something, such as `ForeignText`, do not fit it. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** A part of what came as JSON that nobody looks into. */
export const json = z.custom<Json>();
