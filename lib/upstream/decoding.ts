import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { Words } from '../language.ts';
import type { Body } from './body.ts';

// Loaded only for an answer that is compressed, though none was asked for, or written in another charset.

/** As long as an answer may be at all, and enough for any that is one. */
const maxOutputLength = 16 * 1024 * 1024;

const decoders: Record<string, (bytes: Buffer) => Promise<Buffer>> = {
  gzip: (bytes) => promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)(bytes, { maxOutputLength }),
  br: (bytes) =>
    promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress)(bytes, { maxOutputLength }),
  zstd: (bytes) =>
    promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress)(bytes, { maxOutputLength }),
  deflate: (bytes) => {
    // Some send it without the wrapper that its name stands for.
    const isWrapped = ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
    const decode = isWrapped ? zlib.inflate : zlib.inflateRaw;
    return promisify<Buffer, zlib.ZlibOptions, Buffer>(decode)(bytes, { maxOutputLength });
  },
};

const aliases: Record<string, string> = { 'x-gzip': 'gzip', identity: '' };

/** A body as text, decompressed (RFC 9110, section 8.4) and by its charset. */
export async function decodedBody(
  bytes: Buffer,
  { encoding = '', type }: { encoding: string | undefined; type: string },
): Promise<Body> {
  let plain = bytes;
  const names = encoding
    .toLowerCase()
    .split(/[\s,]+/)
    .map((name) => aliases[name] ?? name)
    .filter(Boolean);
  for (const name of names.toReversed()) {
    const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
    if (!decode || names.length > 3) return unreadable(words.unknown);
    try {
      plain = await decode(plain);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      return unreadable(code === 'ERR_BUFFER_TOO_LARGE' ? words.tooLarge : words.broken);
    }
  }
  const [, charset = 'utf-8'] = /charset\s*=\s*"?([\w:.-]+)/i.exec(type) ?? [];
  for (const label of [charset, 'utf-8'])
    try {
      return { text: new TextDecoder(label, { fatal: true }).decode(plain) };
    } catch {
      // An unknown charset, or bytes that are not of it.
    }
  return { text: new TextDecoder().decode(plain), unreadable: words.charset };
}

const unreadable = (why: Words): Body => ({ text: '', unreadable: why });

const words = {
  unknown: {
    en: 'its body is compressed in a way that was not asked for',
    'pt-BR': 'o corpo vem comprimido de um modo que não foi pedido',
  },
  tooLarge: {
    en: 'its body is larger than 16 MB when decompressed',
    'pt-BR': 'o corpo passa de 16 MB quando descomprimido',
  },
  broken: {
    en: 'its body says that it is compressed, and is not, or is damaged',
    'pt-BR': 'o corpo diz que vem comprimido e não vem, ou está danificado',
  },
  charset: { en: 'its body is not UTF-8', 'pt-BR': 'o corpo não é UTF-8' },
};
