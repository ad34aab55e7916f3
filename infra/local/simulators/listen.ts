import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

export interface Request {
  method: string;
  /** Path and query, exactly as sent. */
  target: string;
  /** The same, resolved against this server's address. */
  url: URL;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
  /** The port that it came in at. */
  port: number;
  /** The body as it came, and as text: what is not UTF-8 in it is U+FFFD there. */
  bytes: Buffer;
  body: string;
}

export interface Response {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A response, or one of the two ways of giving none: breaking the connection, and saying nothing at all. */
export type Answer = Response | 'reset' | 'silence';

/** One request as a test counts it. Bodies are left out: they carry secrets. */
export interface LoggedRequest {
  method: string;
  /** Path and query, exactly as sent. */
  target: string;
  headers: IncomingHttpHeaders;
  /** Absent while unanswered, and for good where no response was given. */
  status: number | undefined;
}

export interface Listener {
  url: string;
  /** The latest requests, oldest first. */
  requests: LoggedRequest[];
  /** Stops at once: connections are dropped, kept-alive and waiting ones too. */
  close(): Promise<void>;
}

/** What a server shows its clients to say who it is, both as PEM. */
export interface TlsIdentity {
  key: string;
  cert: string;
}

const requestsKept = 10_000;

/** API Gateway takes no larger bodies. */
const mostBodyBytes = 10 * 1_024 * 1_024;

/**
 * An HTTP server on 127.0.0.1, or an HTTPS one where it is given an identity; port 0 is any free one. Answers no web
 * page but its own, and only requests that name a loopback host, so that none comes through a DNS name either. Rejects
 * where the port is taken.
 */
export async function listen(
  answer: (request: Request) => Promise<Answer>,
  port = 0,
  tls?: TlsIdentity,
): Promise<Listener> {
  const scheme = tls ? 'https' : 'http';
  const requests: LoggedRequest[] = [];

  const answerTo = async (incoming: IncomingMessage): Promise<Answer> => {
    const { method = '', url: target = '', headers, socket } = incoming;
    const url = URL.parse(`${scheme}://${headers.host}${target}`);
    if (!url || !target.startsWith('/')) return plain(400, 'The address of the request is no path.');
    const bytes = await bodyOf(incoming);
    if (!bytes) return plain(413, `A body may have ${mostBodyBytes / 1_024 / 1_024} MB at most.`);
    return answer({ method, target, url, headers, port: socket.localPort ?? 0, bytes, body: String(bytes) });
  };

  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url: target = '', headers } = incoming;
    const logged: LoggedRequest = { method, target, headers, status: undefined };
    if (requests.push(logged) > requestsKept) requests.shift();
    const given = foreign(headers, scheme) ?? (await answerTo(incoming));
    if (given === 'silence') return;
    if (given === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    logged.status = given.status;
    outgoing
      .writeHead(given.status, {
        ...given.headers,
        ...(given.status !== 204 && { 'content-length': String(Buffer.byteLength(given.body ?? '')) }),
      })
      .end(given.body);
  };

  const serve = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    respond(incoming, outgoing).catch((error: unknown) => {
      // A client that hangs up early is no fault of the simulator's.
      if (incoming.destroyed && !incoming.complete) return;
      console.error(error);
      outgoing.writeHead(500).end();
    });
  };
  // It never ends a connection of its own accord: a request that is just coming in would break with it.
  const kept = { keepAliveTimeout: 0 };
  const server = tls ? createTlsServer({ ...tls, ...kept }, serve) : createServer(kept, serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `${scheme}://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A response with a JSON body. */
export function json(
  status: number,
  value: unknown,
  headers?: Record<string, string>,
  indent?: number,
): Response {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value, null, indent),
  };
}

/** The body of a request; `undefined` where it is too large, as soon as that is seen. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostBodyBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/**
 * The refusal of a request that a web page from elsewhere has sent, or that came through a name which somebody has made
 * point here. Browsers say where a request comes from, and no page can keep them from it.
 */
function foreign(headers: IncomingHttpHeaders, scheme: string): Response | undefined {
  const { host, origin, 'sec-fetch-site': site = 'none' } = headers;
  if (!namesLoopback(host)) return plain(421, 'Only requests to a loopback host are answered.');
  const isOwn = origin === undefined || origin.toLowerCase() === `${scheme}://${host}`.toLowerCase();
  return isOwn && (site === 'same-origin' || site === 'none')
    ? undefined
    : plain(403, 'Requests of web pages from elsewhere are not answered.');
}

/** A refusal; the rest of the request is not waited for. */
const plain = (status: number, sentence: string): Response => ({
  status,
  headers: { 'content-type': 'text/plain', connection: 'close' },
  body: `${sentence}\n`,
});

/** Whether a `Host` header names this machine, whatever the port. */
export function namesLoopback(host: string | undefined): host is string {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
}
