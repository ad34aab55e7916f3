// The forms in which HTTP, JSON, HTML and what people do with them can carry a text.

const each = (text: string, encode: (character: string) => string): string =>
  Array.from(text, encode).join('');
const hexes = (text: string): string[] =>
  [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0'));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const escaped = (text: string): string =>
  text.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const html: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const encodings: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'percent encoding': encodeURIComponent,
  'percent encoding of every byte': (text) =>
    hexes(text)
      .map((hex) => `%${hex}`)
      .join(''),
  'percent encoding in upper case': (text) =>
    hexes(text.toString())
      .map((hex) => `%${hex.toUpperCase()}`)
      .join(''),
  'percent encoding, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'percent encoding of every byte, three times': (text) =>
    hexes(text)
      .map((hex) => `%2525${hex}`)
      .join(''),
  'a form': (text) => new URLSearchParams({ text }).toString().slice('text='.length),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  'escapes of JSON': escaped,
  'escapes of JSON in JSON': (text) => JSON.stringify(escaped(text)).slice(1, -1),
  'slashes as PHP escapes them': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  HTML: (text) => text.replace(/[&<>"']/g, (character) => html[character] ?? ''),
  'decimal entities': (text) => each(text, (character) => `&#${character.codePointAt(0)};`),
  'decimal entities with zeros': (text) => each(text, (character) => `&#000${character.codePointAt(0)};`),
  'hexadecimal entities': (text) =>
    each(text, (character) => `&#X${character.codePointAt(0)?.toString(16)};`),
  'entities in entities': (text) => each(text, (character) => `&amp;#${character.codePointAt(0)};`),
  'entities in JSON in a form': (text) =>
    encodeURIComponent(JSON.stringify(each(text, (character) => `&#${character.codePointAt(0)};`))),
  hexadecimal: (text) => hexes(text).join(''),
  'hexadecimal in upper case': (text) => hexes(text).join('').toUpperCase(),
  'hexadecimal with colons': (text) => hexes(text).join(':'),
  'hexadecimal as code': (text) =>
    hexes(text)
      .map((hex) => `0x${hex}`)
      .join(', '),
  base64,
  'base64 without padding': (text) => base64(text).replace(/=+$/, ''),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in a form': (text) => encodeURIComponent(base64(text)),
  'base64 in lines': (text) => base64(text).replace(/.{6}/g, '$&\r\n'),
  'base64, one byte in': (text) => base64(`x${text}:`),
  'base64, two bytes in': (text) => Buffer.from(`xy${text}:tail`).toString('base64url'),
  'base64 of JSON': (text) => base64(JSON.stringify({ text })),
  'base64 of base64': (text) => base64(base64(text)),
};
