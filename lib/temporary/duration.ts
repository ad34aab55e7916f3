import * as z from 'zod';

const minute = 60_000;
const day = 24 * 60 * minute;

// Months and years are left out: how long they are depends on the day.
const pattern = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const units = [7 * day, day, 60 * minute, minute, 1_000];

/** Milliseconds of an ISO 8601 duration such as `PT2H` or `P1DT12H`; undefined for what is none. */
export function millisecondsOf(duration: string): number | undefined {
  const match = pattern.exec(duration);
  if (!match) return undefined;
  return units.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit, 0);
}

const isWithin = (duration: string): boolean => {
  const milliseconds = millisecondsOf(duration) ?? 0;
  return milliseconds >= minute && milliseconds <= 31 * day;
};

/** For how long a change is made: 1 minute to 31 days. */
export const duration = z
  .string({ error: 'must be an ISO 8601 duration such as PT2H' })
  .regex(pattern, {
    error: 'must be an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as PT2H or P1DT12H',
    abort: true,
  })
  .refine(isWithin, 'must be from 1 minute (PT1M) to 31 days (P31D)');
