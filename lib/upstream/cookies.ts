/** A cookie that a load balancer set, so that what follows reaches the same server. */
export interface Cookie {
  name: string;
  value: string;
  path: string;
}

const mostCookies = 20;
const longestCookie = 4_096;

// What may stand in a cookie (RFC 6265, section 4.1.1), less what would end it, and quotation marks as they come.
const form = /^([!#$%&'*+\-.^_`|~\dA-Za-z]+)\s*=\s*([!#-+\--:<-[\]-~"]*)$/;

/**
 * The cookies to send after an answer: those so far, with what its `Set-Cookie` headers set and take away. They go back
 * to the connection's own address and nowhere else, whatever `Domain` says.
 */
export function withCookies(
  cookies: readonly Cookie[],
  setCookie: string | string[] | undefined,
  requestPath: string,
  now: number = Date.now(),
): Cookie[] {
  const kept = new Map(cookies.map((cookie) => [cookie.name, cookie]));
  for (const line of [setCookie ?? []].flat()) {
    const [pair = '', ...parts] = line.split(';').map((part) => part.trim());
    const [, name, value] = form.exec(pair) ?? [];
    if (name === undefined || value === undefined || pair.length > longestCookie) continue;
    const attributes = new Map(
      parts.map((part) => {
        const [key = '', ...rest] = part.split('=');
        return [key.trim().toLowerCase(), rest.join('=').trim()];
      }),
    );
    const path = attributes.get('path') ?? '';
    if (isOver(attributes, now)) kept.delete(name);
    else if (kept.has(name) || kept.size < mostCookies)
      kept.set(name, { name, value, path: path.startsWith('/') ? path : defaultPath(requestPath) });
  }
  return [...kept.values()];
}

/** The `Cookie` header for a request's path; `undefined` where none of the cookies is for it. */
export function cookieHeader(cookies: readonly Cookie[], requestPath: string): string | undefined {
  const [path = ''] = requestPath.split('?');
  const sent = cookies.filter(
    (cookie) =>
      path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`),
  );
  return sent.length > 0 ? sent.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined;
}

function isOver(attributes: Map<string, string>, now: number): boolean {
  const maxAge = attributes.get('max-age') ?? '';
  if (/^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  return Date.parse(attributes.get('expires') ?? '') <= now;
}

// Up to the last slash of the path that it was set on (RFC 6265, section 5.1.4).
function defaultPath(requestPath: string): string {
  const [path = ''] = requestPath.split('?');
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}
