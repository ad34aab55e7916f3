import { readSecret, send } from './bare-request.ts';

// What the cold start of a change is held against: the login and the same five requests.

export async function handler({
  pathParameters: { connection },
  body: asked,
}: {
  pathParameters: Record<string, string>;
  body: string;
}): Promise<unknown> {
  const { baseUrl, username, password } = JSON.parse(await readSecret(`switchboard/sps/${connection}`));
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const { headers } = await send(`${baseUrl}/api/authentication`, {
    method: 'GET',
    headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
  });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const ask = async (method: string, path: string, value?: unknown) => {
    const body = value === undefined ? '' : JSON.stringify(value);
    const answer = await send(`${baseUrl}/api${path}`, {
      method,
      headers: {
        cookie,
        accept: 'application/json',
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      },
      body,
    });
    return JSON.parse(answer.text);
  };
  const alerts = '/configuration/alerting/system_alerts';
  const { body: before } = await ask('GET', alerts);
  const after = { ...before };
  for (const [name, channels] of Object.entries(JSON.parse(asked)))
    after[name] = Object.assign({}, before[name], channels);
  await ask('POST', '/transaction');
  await ask('PUT', alerts, after);
  const { changes } = await ask('GET', '/transaction/changes');
  await ask('PUT', '/transaction', { status: 'commit' });
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ before, after, changes }),
  };
}
