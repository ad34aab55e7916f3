import { json, type Request, type Response } from '../listen.ts';
import type { Appliance } from './appliance.ts';
import { sessionCookie } from './assumed.ts';
import { Refusal } from './refusal.ts';
import { type SpsSettings, traitsOf } from './settings.ts';
import type { User } from './world.ts';

const root = '/api/authentication';

/** Answers all that needs no session; `undefined` where the path is another's. `now` is in milliseconds. */
export function authenticate(
  path: string,
  request: Request,
  users: User[],
  appliance: Appliance,
  settings: SpsSettings,
  now: number,
): Response | undefined {
  if (path !== root && !path.startsWith(`${root}/`)) return undefined;
  if (path === root) {
    const id = appliance.signIn(signedIn(request, users, settings));
    const expires = new Date(now + (settings.clockSkewSeconds + settings.sessionIdleSeconds) * 1_000);
    const headers = { 'set-cookie': sessionCookie(id, expires) };
    return json(200, { meta: { href: root, parent: '/api' } }, headers);
  }
  const { listsLoginMethods } = traitsOf(settings);
  const meta = { href: path, parent: root };
  if (path === `${root}/login_methods` && listsLoginMethods)
    return json(200, { login_methods: settings.loginMethods, meta });
  if (path === `${root}/types` && !listsLoginMethods) return json(200, { meta, types: ['basic'] });
  throw new Refusal('NotFound', 'There is no such object.');
}

function signedIn({ method, url, headers }: Request, users: User[], settings: SpsSettings): User {
  if (method !== 'GET' && method !== 'HEAD')
    throw new Refusal('MethodNotAllowed', `${method} is not allowed here.`);
  if (url.searchParams.get('type') === 'x509')
    throw new Refusal('NotSimulated', 'Signing in with a certificate is not simulated.');
  const [, encoded = ''] = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  // The credentials are UTF-8.
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const loginMethod = url.searchParams.get('login_method') ?? settings.defaultLoginMethod;
  const user = users.find(
    (known) =>
      known.name === name && known.password === password && (known.loginMethod ?? 'local') === loginMethod,
  );
  if (!user || !settings.loginMethods.some(({ name }) => name === loginMethod))
    throw new Refusal('Unauthenticated', 'The user name or the password is wrong.');
  return user;
}
