import { Pool } from 'undici';
import * as z from 'zod';
import { demo } from '../../infra/local/simulators/atlas.ts';

const tokenAnswer = z.object({ access_token: z.string() });

/** The least that reads the access list: undici, a kept-alive connection, a token that is there already. */
export async function bareClient(atlas: string) {
  const pool = new Pool(atlas, { allowH2: false });
  const { orgId, clientId, clientSecret } = demo;
  const minted = await pool.request({
    method: 'POST',
    path: '/api/oauth/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token } = tokenAnswer.parse(await minted.body.json());
  const headers = {
    'user-agent': 'bench',
    accept: 'application/vnd.atlas.2024-08-05+json',
    authorization: `Bearer ${token}`,
  };
  return {
    /** One page of 100, Atlas's default. */
    async page(pageNum: number): Promise<unknown> {
      const { body } = await pool.request({
        method: 'GET',
        path: `/api/atlas/v2/orgs/${orgId}/serviceAccounts/${clientId}/accessList?includeCount=true&itemsPerPage=100&pageNum=${pageNum}`,
        headers,
      });
      return JSON.parse(await body.text());
    },
    close: () => pool.close(),
  };
}
