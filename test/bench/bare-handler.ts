import { readSecret, send } from './bare-request.ts';

// What a cold start is held against: the same three requests.

export async function handler({
  pathParameters: { connection, orgId, clientId },
}: {
  pathParameters: Record<string, string>;
}): Promise<unknown> {
  const secret = JSON.parse(await readSecret(`switchboard/atlas/${connection}`));
  const { text: token } = await send(`${secret.baseUrl}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${secret.clientId}:${secret.clientSecret}`).toString('base64')}`,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  const { text: list } = await send(
    `${secret.baseUrl}/api/atlas/v2/orgs/${orgId}/serviceAccounts/${clientId}/accessList?includeCount=true&itemsPerPage=100&pageNum=1`,
    {
      method: 'GET',
      headers: {
        authorization: `Bearer ${JSON.parse(token).access_token}`,
        accept: 'application/vnd.atlas.2024-08-05+json',
      },
    },
  );
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(JSON.parse(list)),
  };
}
