import { isUtf8 } from 'node:buffer';
import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Request } from './simulators/listen.ts';

/** With what somebody signs. Temporary credentials, as a function has them, come with a session token. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Who may sign, as the gateway knows it. */
export interface Signer extends Credentials {
  /** Who it is. */
  arn: string;
}

/** What a request is signed for. */
export interface SigningScope {
  region: string;
  service: string;
}

/** What requests to an HTTP API are signed for. */
export const signedFor: SigningScope = { region: 'us-east-1', service: 'execute-api' };

/** What is wrong with a signature, in a sentence for people, and as AWS tells the cases apart. */
export interface SignatureProblem {
  kind: 'missing' | 'incomplete' | 'unknown' | 'invalid';
  detail: string;
}

/** How far a request's time may be from ours, either way. */
const skewMs = 5 * 60_000;

/**
 * Checks a request's Signature Version 4 by signing it once more, with the signer of the AWS SDK. Answers what is wrong
 * with it; undefined where it is good.
 */
export async function signatureProblem(
  { method, target, headers, bytes, body: text }: Request,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  { region, service }: SigningScope = signedFor,
): Promise<SignatureProblem | undefined> {
  const { authorization, ...others } = headers;
  if (authorization === undefined) return { kind: 'missing', detail: 'The request is not signed.' };
  const [, key = '', scope = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/, ]+)\/([^, ]+), ?SignedHeaders=([^, ]+), ?Signature=([\da-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (signature === '') return incomplete('The Authorization header is no Signature Version 4.');

  const signed = new Set(signedHeaders.split(';'));
  const unsigned = Object.keys(others).find((name) => name.startsWith('x-amz-') && !signed.has(name));
  if (unsigned !== undefined) return invalid(`Header ${unsigned} is not signed.`);
  for (const name of ['host', 'x-amz-date'])
    if (!signed.has(name)) return invalid(`Header ${name} is not signed.`);

  const date = dateOf(headers['x-amz-date']);
  if (!date) return incomplete('Header x-amz-date is no time.');
  const day = String(headers['x-amz-date']).slice(0, 8);
  if (key !== accessKeyId)
    return { kind: 'unknown', detail: `The request is signed with another access key than ${accessKeyId}.` };
  if (headers['x-amz-security-token'] !== sessionToken)
    return { kind: 'unknown', detail: 'The session token is not the one of this access key.' };
  if (scope !== `${day}/${region}/${service}/aws4_request`)
    return invalid(`The signature is not one of ${accessKeyId} for ${day}, ${region} and ${service}.`);
  if (Math.abs(Date.now() - date.getTime()) > skewMs)
    return invalid(`The request was signed for ${date.toISOString()}, more than five minutes from now.`);

  const given = headers['x-amz-content-sha256'];
  const body = isUtf8(bytes) ? text : bytes;
  const payloadHash = createHash('sha256').update(body).digest('hex');
  if (given !== undefined && given !== payloadHash)
    return invalid('Header x-amz-content-sha256 is not that of the body.');

  const [path = '', search = ''] = target.split(/\?(.*)/s);
  const query = queryOf(search);
  if (!query) return invalid('The query is no valid percent-encoding.');
  const signer = new SignatureV4({
    region,
    service,
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
    : invalid('The signature does not match the request: another secret, or something changed on the way.');
}

const incomplete = (detail: string): SignatureProblem => ({ kind: 'incomplete', detail });
const invalid = (detail: string): SignatureProblem => ({ kind: 'invalid', detail });

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
export class Sha256 {
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
