import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Request } from './simulators/listen.ts';

/** Who may sign, as the gateway knows it. */
export interface Signer {
  accessKeyId: string;
  secretAccessKey: string;
  /** Who it is. */
  arn: string;
}

/** What requests to an HTTP API are signed for. */
export const signedFor = { region: 'us-east-1', service: 'execute-api' };

/** How far a request's time may be from ours, either way. */
const skewMs = 5 * 60_000;

/**
 * Checks a request's Signature Version 4 by signing it once more, with the signer of the AWS SDK. Answers what is wrong
 * with it, in a sentence for people; undefined where it is good.
 */
export async function signatureProblem(
  { method, target, headers, body }: Request,
  { accessKeyId, secretAccessKey }: Signer,
): Promise<string | undefined> {
  const { region, service } = signedFor;
  const { authorization, ...others } = headers;
  if (authorization === undefined) return 'The request is not signed.';
  const [, credential = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^, ]+), ?SignedHeaders=([^, ]+), ?Signature=([\da-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (signature === '') return 'The Authorization header is no Signature Version 4.';

  const signed = new Set(signedHeaders.split(';'));
  const unsigned = Object.keys(others).find((name) => name.startsWith('x-amz-') && !signed.has(name));
  if (unsigned !== undefined) return `Header ${unsigned} is not signed.`;
  for (const name of ['host', 'x-amz-date']) if (!signed.has(name)) return `Header ${name} is not signed.`;

  const date = dateOf(headers['x-amz-date']);
  if (!date) return 'Header x-amz-date is no time.';
  const day = String(headers['x-amz-date']).slice(0, 8);
  if (credential !== `${accessKeyId}/${day}/${region}/${service}/aws4_request`)
    return `The signature is not one of ${accessKeyId} for ${day}, ${region} and ${service}.`;
  if (Math.abs(Date.now() - date.getTime()) > skewMs)
    return `The request was signed for ${date.toISOString()}, more than five minutes from now.`;

  if (headers['x-amz-security-token'] !== undefined) return 'The security token is not one of this gateway.';
  const given = headers['x-amz-content-sha256'];
  const payloadHash = createHash('sha256').update(body).digest('hex');
  if (given !== undefined && given !== payloadHash)
    return 'Header x-amz-content-sha256 is not that of the body.';

  const [path = '', search = ''] = target.split(/\?(.*)/s);
  const query = queryOf(search);
  if (!query) return 'The query is no valid percent-encoding.';
  const signer = new SignatureV4({
    ...signedFor,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    applyChecksum: false,
  });
  const again = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: '',
      path,
      query,
      headers: Object.fromEntries([...signed].map((name) => [name, [others[name] ?? ''].flat().join(',')])),
      body,
    },
    { signingDate: date, signableHeaders: signed },
  );
  const expected = again.headers['authorization']?.slice(-signature.length) ?? '';
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    ? undefined
    : 'The signature does not match the request: another secret, or something changed on the way.';
}

/** A time as signatures write it: 20260131T235959Z. */
function dateOf(text: unknown): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(text));
  const [year, month, day, hour, minute, second] = parts?.slice(1) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The query by name; undefined where its encoding is broken. A plus is a plus in a signature. */
function queryOf(search: string): Record<string, string[]> | undefined {
  const query = new Map<string, string[]>();
  try {
    for (const pair of search.split('&').filter(Boolean)) {
      const [name = '', value = ''] = pair.split(/=(.*)/s).map((part) => decodeURIComponent(part));
      query.set(name, [...(query.get(name) ?? []), value]);
    }
    return Object.fromEntries(query);
  } catch {
    return undefined;
  }
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

function forNode(bytes: Bytes): string | Uint8Array {
  if (typeof bytes === 'string') return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The hash that the signer asks for, with a secret or without, out of Node. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', forNode(secret));
  }

  update(bytes: Bytes): void {
    this.#hash.update(forNode(bytes));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}
