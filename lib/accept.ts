/**
 * Whether an `Accept` header (RFC 9110, section 12.5.1) asks for HTML rather than JSON. Browsers name HTML; programs
 * name JSON, or take anything.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const weights = new Map(
    (accept ?? '').split(',').map((part): [string, number] => {
      const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return [range, weight === undefined ? 1 : Number(weight) || 0];
    }),
  );
  return (weights.get('text/html') ?? 0) > (weights.get('application/json') ?? 0);
}
