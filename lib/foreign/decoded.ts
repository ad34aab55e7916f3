// What percent encoding, the escapes of JSON and the entities of HTML say of single characters, read all at once and
// however often they are nested: `%2541`, `\\u0041` and `&amp;#65;` are an A. Bytes are UTF-8 or, where they are not,
// Latin-1.

const percent = '%(?:25)*';
const backslash = String.raw`(?<!\\)\\+`;
/** One character in bytes, each of which begins so. */
const inBytes = (begin: string): string[] => {
  const next = `(?:${begin}[89ab][0-9a-f])`;
  return [`f[0-7]${next}{3}`, `e[0-9a-f]${next}{2}`, `[cd][0-9a-f]${next}`, '[0-9a-f]{2}'].map(
    (bytes) => begin + bytes,
  );
};
/** Where a number goes on in another encoding, that is read first. */
const escapeAhead = String.raw`${percent}[0-9a-f]{2}|\\+[ux]`;
const anEscape = [
  ...inBytes(percent),
  `${percent}u[0-9a-f]{4}`,
  ...inBytes(`${backslash}x`),
  String.raw`${backslash}u(?:\{0*[0-9a-f]{1,6}\}|[0-9a-f]{4})`,
  String.raw`&(?:amp;)*(?:#0*\d{1,7}(?:;|(?!\d|${escapeAhead}))|#x0*[0-9a-f]{1,6}(?:;|(?![0-9a-f]|${escapeAhead}))|[a-z][a-z0-9]{1,7};)`,
  '&(?:amp|lt|gt|quot)',
].join('|');
const escapes = new RegExp(anEscape, 'gi');
const escapeHere = new RegExp(anEscape, 'iy');

const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const ascii =
  'quot " QUOT " apos \' amp & AMP & lt < LT < gt > GT > excl ! num # dollar $ percnt % lpar ( rpar ) ast * midast * plus + comma , period . sol / colon : semi ; equals = quest ? commat @ lsqb [ lbrack [ rsqb ] rbrack ] bsol \\ Hat ^ lowbar _ UnderBar _ grave ` lcub { lbrace { verbar | vert | VerticalLine | rcub } rbrace } hyphen - dash - euro €';

let entities: Map<string, string> | undefined;

function entity(name: string): string | undefined {
  entities ??= new Map([
    ...latin1.split(' ').map((name, index) => [name, String.fromCharCode(160 + index)] as const),
    ...[...ascii.matchAll(/(\S+) (\S)/g)].map(([, name = '', character = '']) => [name, character] as const),
    ['Tab', '\t'],
    ['NewLine', '\n'],
  ]);
  return entities.get(name);
}

function character(match: string): string {
  const [, unit] = /[%\\]u\{?([0-9a-f]+)\}?$/i.exec(match) ?? [];
  if (unit !== undefined) return fromCodePoint(Number.parseInt(unit, 16), match);
  switch (match[0]) {
    case '%':
    case '\\': {
      const bytes = Buffer.from(
        match
          .split(/[%\\]+/)
          .map((part) => part.slice(-2))
          .join(''),
        'hex',
      );
      return bytes.toString(bytes.length === 1 ? 'latin1' : 'utf8');
    }
    default: {
      const [, decimal, hex, name = ''] =
        /^&(?:amp;)*(?:#0*(\d+);?|#x0*([0-9a-f]+);?|(\w+);?)$/i.exec(match) ?? [];
      if (decimal !== undefined) return fromCodePoint(Number(decimal), match);
      if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16), match);
      return (
        entity(name) ?? match.replace(/^&(amp|lt|gt|quot);?/i, (_, bare) => entity(bare.toLowerCase()) ?? '')
      );
    }
  }
}

const fromCodePoint = (point: number, otherwise: string): string =>
  point <= 0x10ffff ? String.fromCodePoint(point) : otherwise;

/** How often kinds of encoding may be wrapped into each other: HTML in JSON in a form, say. */
const mostLayers = 5;

/** A text that can be read otherwise. */
export interface Readable<Text> {
  reading(pattern: RegExp, otherwise: (match: string) => string): Text;
  readonly text: string;
}

/** Whether there is an escape in a text: where that begins few of them, much quicker than to look everywhere. */
function hasEscapes(text: string): boolean {
  for (const first of ['%', '\\', '&'])
    for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
      escapeHere.lastIndex = at;
      if (escapeHere.test(text)) return true;
    }
  return false;
}

/** A text as it is, and then with one layer of encoding after the other taken off. */
export function* layersOf<Text extends Readable<Text>>(text: Text): Generator<Text> {
  let layer = text;
  for (let layers = 0; layers <= mostLayers; layers++) {
    yield layer;
    if (!hasEscapes(layer.text)) return;
    const below = layer.reading(escapes, character);
    if (below.text === layer.text) return;
    layer = below;
  }
}

/** A text that can only be read, without what it takes to say where a part of it comes from. */
export class PlainText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  reading(pattern: RegExp, otherwise: (match: string) => string): PlainText {
    return new PlainText(this.text.replace(pattern, otherwise));
  }
}
