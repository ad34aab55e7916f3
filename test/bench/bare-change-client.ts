import { Pool } from 'undici';
import * as z from 'zod';
import { demo } from '../../infra/local/simulators/sps.ts';

const alertsAnswer = z.object({ body: z.record(z.string(), z.record(z.string(), z.boolean())) });

/** The least that switches one system alert: undici, one kept-alive connection, a session that is there already. */
export async function bareChangeClient(sps: string) {
  const pool = new Pool(sps, { allowH2: false, connections: 1 });
  const basic = Buffer.from(`${demo.username}:${demo.password}`).toString('base64');
  const login = await pool.request({
    method: 'GET',
    path: '/api/authentication',
    headers: { authorization: `Basic ${basic}` },
  });
  await login.body.text();
  const cookie = [login.headers['set-cookie'] ?? ''].flat()[0]?.split(';')[0] ?? '';
  const headers = {
    'user-agent': 'bench',
    accept: 'application/json',
    cookie,
    'content-type': 'application/json',
  };
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, value?: unknown): Promise<unknown> => {
    const body = value === undefined ? '' : JSON.stringify(value);
    const answer = await pool.request({ method, path, headers, ...(method !== 'GET' && { body }) });
    const text = await answer.body.text();
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${path} was answered ${answer.statusCode}: ${text}`);
    return JSON.parse(text);
  };
  const alerts = '/api/configuration/alerting/system_alerts';
  return {
    /** The five requests of a change: read, open, write, look, commit. */
    async switchEmail(name: string, email: boolean): Promise<void> {
      const { body: before } = alertsAnswer.parse(await ask('GET', alerts));
      await ask('POST', '/api/transaction');
      await ask('PUT', alerts, { ...before, [name]: { ...before[name], email } });
      await ask('GET', '/api/transaction/changes');
      await ask('PUT', '/api/transaction', { status: 'commit' });
    },
    close: () => pool.close(),
  };
}
