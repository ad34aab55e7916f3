import { once } from 'node:events';
import { BlockList, connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { buildConnector } from 'undici';
import { isLoopback } from './base-url.ts';
import { faultOf } from './faults.ts';
import { ProxyError } from './proxy-error.ts';
import { proxyVariables } from './proxy-variables.ts';

// Loaded only where the environment names a proxy.

const longestHead = 16 * 1024;

/** Connects through the proxy that the environment names, and directly where NO_PROXY says so. */
export function proxyConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ ...options, allowH2: false });
  return (target, callback) => {
    const { protocol, hostname } = target;
    const port = target.port || (protocol === 'https:' ? '443' : '80');
    const proxy = protocol === 'https:' ? proxyFor(hostname, port) : undefined;
    if (proxy === undefined) return connect(target, callback);
    tunnel(proxy, `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`, options.timeout ?? 0).then(
      (httpSocket) => connect({ ...target, httpSocket }, callback),
      (error) => callback(error, null),
    );
  };
}

/** The proxy for a host, as the environment has it; none for this machine and for what NO_PROXY names. */
export function proxyFor(
  hostname: string,
  port: string,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isLoopback(host) || host === '::1' || host.startsWith('169.254.')) return undefined;
  const without = env['no_proxy'] || env['NO_PROXY'] || '';
  if (without.split(/[\s,]+/).some((entry) => entry !== '' && covers(entry.toLowerCase(), host, port)))
    return undefined;
  return proxyVariables.map((name) => env[name]).find((value) => value);
}

/** Whether an entry of NO_PROXY covers a host: `*`, a domain with all below it, an address or a range, with a port or without. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, bare = entry, only] = /^(.*[^:]|\[.*\]):(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const name = bare.replace(/^\*?\.|^\[|\]$/g, '');
  if (isIP(host) === 0) return host === name || host.endsWith(`.${name}`);
  const [address = '', bits] = name.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) !== isIP(host)) return false;
  const longest = family === 'ipv6' ? 128 : 32;
  const length = Number(bits ?? longest);
  if (!/^\d+$/.test(bits ?? '0') || length > longest) return false;
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return range.check(host, family);
}

/** A connection to a host and port through a proxy (RFC 9110, section 9.3.6). Throws a `ProxyError`. */
async function tunnel(proxy: string, authority: string, timeoutMs: number): Promise<Socket> {
  const url = proxyUrl(proxy);
  const { protocol, hostname, username, password } = url;
  const host = hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (protocol === 'https:' ? 443 : 80));
  const secure = protocol === 'https:';
  const failed = (code: string, en: string, pt: string, passing: boolean, cause?: unknown) =>
    new ProxyError({ words: { en, 'pt-BR': pt }, code, proxy: `${hostname}:${port}`, passing }, { cause });

  const socket = secure
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ALPNProtocols: ['http/1.1'] })
    : connectTcp({ host, port });
  // Whoever waits for an event is told of an error; one that comes in between is not to end the process.
  socket.on('error', () => {});
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, secure ? 'secureConnect' : 'connect', { signal });
  } catch (error) {
    socket.destroy();
    const { words, passing = false } = faultOf(error);
    if (signal.aborted)
      throw failed('PROXY_UNREACHABLE', 'it did not answer in time', 'ele não respondeu a tempo', true);
    throw failed(
      'PROXY_UNREACHABLE',
      `it cannot be reached (${words.en})`,
      `ele não pode ser alcançado (${words['pt-BR']})`,
      passing,
      error,
    );
  }
  const user = `${decoded(username)}:${decoded(password)}`;
  const authorization =
    user === ':' ? '' : `Proxy-Authorization: Basic ${Buffer.from(user).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const status = await statusOf(socket, AbortSignal.timeout(timeoutMs));
  if (status !== undefined && status >= 200 && status < 300) return socket;
  socket.destroy();
  if (status === undefined)
    throw failed(
      'PROXY_NO_ANSWER',
      'it gave no answer that a proxy gives',
      'ele não deu resposta como a de um proxy',
      true,
    );
  if (status === 407)
    throw failed(
      'PROXY_407',
      'it wants a user and password, or does not accept those it was given',
      'ele exige usuário e senha, ou não aceita os que recebeu',
      false,
    );
  if (status >= 500)
    throw failed(
      `PROXY_${status}`,
      'it could not reach the system itself',
      'ele próprio não conseguiu alcançar o sistema',
      true,
    );
  throw failed(`PROXY_${status}`, 'it refuses connections there', 'ele recusa conexões para lá', false);
}

function proxyUrl(text: string): URL {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new ProxyError({
    words: {
      en: 'its address in HTTPS_PROXY is not an http or https URL',
      'pt-BR': 'o endereço dele em HTTPS_PROXY não é uma URL http ou https',
    },
    code: 'PROXY_ADDRESS',
    proxy: url?.host ?? 'HTTPS_PROXY',
    passing: false,
  });
}

/** The status of the answer to CONNECT; `undefined` where none comes that is HTTP. */
async function statusOf(socket: Socket, signal: AbortSignal): Promise<number | undefined> {
  let head = Buffer.alloc(0);
  try {
    while (!head.includes('\r\n\r\n')) {
      if (head.length > longestHead || socket.readableEnded || socket.destroyed) return undefined;
      const chunk: unknown = socket.read();
      if (Buffer.isBuffer(chunk)) head = Buffer.concat([head, chunk]);
      else await Promise.race([once(socket, 'readable', { signal }), once(socket, 'end', { signal })]);
    }
  } catch {
    return undefined;
  }
  const rest = head.subarray(head.indexOf('\r\n\r\n') + 4);
  if (rest.length > 0) socket.unshift(rest);
  const [, status] = /^HTTP\/1\.[01] (\d{3})\b/.exec(head.toString('latin1')) ?? [];
  return status === undefined ? undefined : Number(status);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
