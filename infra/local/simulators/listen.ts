import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';

export interface Request {
  method: string;
  /** Path and query, exactly as sent. */
  target: string;
  /** The same, resolved against this server's address. */
  url: URL;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
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

/**
 * An HTTP server on 127.0.0.1, or an HTTPS one where it is given an identity; port 0 is any free one. Answers only
 * requests that name a loopback host, so that no web page can reach it through a DNS name. Rejects where the port is
 * taken.
 */
export async function listen(
  answer: (request: Request) => Promise<Answer>,
  port = 0,
  tls?: TlsIdentity,
): Promise<Listener> {
  const scheme = tls ? 'https' : 'http';
  const requests: LoggedRequest[] = [];

  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url: target = '', headers } = incoming;
    const logged: LoggedRequest = { method, target, headers, status: undefined };
    if (requests.push(logged) > requestsKept) requests.shift();
    const given = namesLoopback(headers.host)
      ? await answer({
          method,
          target,
          url: new URL(`${scheme}://${headers.host}${target}`),
          headers,
          body: await text(incoming),
        })
      : { status: 421, body: 'Only requests to a loopback host are answered.\n' };
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
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
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

/** Whether a `Host` header names this machine, whatever the port. */
export function namesLoopback(host: string | undefined): host is string {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
}
