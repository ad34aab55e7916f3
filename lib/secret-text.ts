import * as z from 'zod';
import { orMissing } from './field-errors.ts';

/** A field of a connection's secret: text that is there. */
export const secretText = z.string({ error: orMissing('must be text') }).min(1, 'must not be empty');
