import { qualityIn } from './quality.ts';

/**
 * Whether an `Accept` header (RFC 9110, section 12.5.1) asks for HTML rather than JSON. Browsers name HTML; programs
 * name JSON, or take anything.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const qualities = new Map(
    (accept ?? '').split(',').flatMap((part): [string, number][] => {
      const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const quality = qualityIn(parameters);
      return quality === undefined ? [] : [[range, quality]];
    }),
  );
  const [html, htmlExactness] = welcome(['text/html', 'text/*', '*/*'], qualities);
  const [json, jsonExactness] = welcome(['application/json', 'application/*', '*/*'], qualities);
  return html === json ? html > 0 && htmlExactness > jsonExactness : html > json;
}

/** How welcome a type is under its names, from the most to the least exact, and how exact the first one is that is used. */
function welcome(names: string[], qualities: Map<string, number>): [quality: number, exactness: number] {
  const index = names.findIndex((name) => qualities.has(name));
  return [qualities.get(names[index] ?? '') ?? 0, index < 0 ? 0 : names.length - index];
}
