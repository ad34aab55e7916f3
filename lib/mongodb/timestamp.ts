import * as z from 'zod';

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

// A list has hundreds of times, and nearly all of them are in a form that cannot but be a time: Date.parse, which takes
// longer than all other checks of an entry, is asked of the others only.
const certain = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$/;

const isTime = (text: string): boolean =>
  certain.test(text) || (form.test(text) && !Number.isNaN(Date.parse(text)));

/** A time as MongoDB's APIs write it: ISO 8601, in UTC or with an offset. */
export const timestamp = z.string().refine(isTime, 'is not a time').meta({ format: 'date-time' });
