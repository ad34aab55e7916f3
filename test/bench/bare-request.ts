import { createHash, createHmac } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

// What the bare handlers share: requests, and nothing that a careful service would add to them.

const agent = new Agent({ keepAlive: true });

interface BareRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
}

export const send = (
  url: string,
  { method, headers, body }: BareRequest,
): Promise<{ headers: IncomingHttpHeaders; text: string }> =>
  new Promise((resolve, reject) => {
    request(url, { method, headers, agent }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk) => {
          text += chunk;
        })
        .on('end', () => resolve({ headers: response.headers, text }));
    })
      .on('error', reject)
      .end(body);
  });

const setting = (name: string): string => process.env[name] ?? '';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Reads a secret, signed with Signature Version 4: Secrets Manager answers no other request. */
export async function readSecret(id: string): Promise<string> {
  const endpoint = setting('AWS_ENDPOINT_URL_SECRETS_MANAGER');
  const region = setting('AWS_REGION');
  const body = JSON.stringify({ SecretId: id });
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(endpoint).host,
    'x-amz-date': time,
    'x-amz-security-token': setting('AWS_SESSION_TOKEN'),
    'x-amz-target': 'secretsmanager.GetSecretValue',
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const scope = `${day}/${region}/secretsmanager/aws4_request`;
  const key = [day, region, 'secretsmanager', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${setting('AWS_SECRET_ACCESS_KEY')}`,
  );
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString(
    'hex',
  );
  const credential = `${setting('AWS_ACCESS_KEY_ID')}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  const { text } = await send(endpoint, { method: 'POST', headers: { ...headers, authorization }, body });
  return JSON.parse(text).SecretString;
}
