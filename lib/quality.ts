/**
 * How welcome something is by its parameters in an `Accept…` header (RFC 9110, section 12.4.2): from 0 to 1, and 1 where
 * none says it. Undefined where that is no number.
 */
export function qualityIn(parameters: string[]): number | undefined {
  const [, weight = '1'] =
    parameters.map((one) => one.split('=').map((part) => part.trim())).find(([name]) => name === 'q') ?? [];
  // More digits than there may be are read all the same.
  return /^\d+(\.\d*)?$/.test(weight) ? Math.min(1, Number(weight)) : undefined;
}
