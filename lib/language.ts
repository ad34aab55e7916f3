import { qualityIn } from './quality.ts';

/** The languages in which Switchboard explains errors. */
export type Language = 'en' | 'pt-BR';

/** The same said in each language. */
export type Words = Readonly<Record<Language, string>>;

const languages: readonly Language[] = ['en', 'pt-BR'];

/**
 * The language to answer in, from an `Accept-Language` header (RFC 9110, section 12.5.4). English where the
 * header asks for neither. Of two languages that are equally welcome, the one named first.
 */
export function negotiateLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en';
  const wishes = acceptLanguage.split(',').flatMap(parseWish);
  const named = new Set(wishes.map(({ range }) => languageOf(range)));
  for (const { range } of wishes.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)) {
    // The asterisk stands for the languages that the header does not name.
    const language = range === '*' ? languages.find((one) => !named.has(one)) : languageOf(range);
    if (language) return language;
  }
  return 'en';
}

function parseWish(text: string): { range: string; quality: number }[] {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = qualityIn(parameters);
  return quality === undefined ? [] : [{ range, quality }];
}

function languageOf(range: string): Language | undefined {
  if (range === 'en' || range.startsWith('en-')) return 'en';
  return range === 'pt' || range === 'pt-br' ? 'pt-BR' : undefined;
}
