import * as z from 'zod';

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/** A time as MongoDB's APIs write it: ISO 8601, in UTC or with an offset. */
export const timestamp = z
  .string()
  .refine((text) => form.test(text) && !Number.isNaN(Date.parse(text)), 'is not a time')
  .meta({ format: 'date-time' });
