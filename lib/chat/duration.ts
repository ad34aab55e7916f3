import { nameQuoted } from '../names.ts';
import { Misunderstood } from './misunderstood.ts';

/** A duration as people write it (`30m`, `2h`, `1d12h`), in ISO 8601: `PT30M`. Throws `Misunderstood` for another. */
export function durationOf(text: string): string {
  if (/^P[\dDTHMSW]+$/i.test(text)) return text.toUpperCase();
  const [whole, days, hours, minutes] = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$/i.exec(text) ?? [];
  if (!whole) throw new Misunderstood(`${nameQuoted(text)} is not a duration; write 30m, 2h, 2d or 1d12h.`);
  const time = [hours && `${hours}H`, minutes && `${minutes}M`].filter(Boolean).join('');
  return `P${days === undefined ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
}
