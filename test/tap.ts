import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What went over one connection. The AWS SDK opens one for each request here. */
export interface Exchange {
  request: Buffer;
  response: Buffer;
}

export interface Tap {
  url: string;
  /** Each exchange up to now, when it is over, in the order in which they began. */
  exchanges(): Promise<Exchange[]>;
  close(): Promise<void>;
}

/** Listens in, byte by byte, on what is said to a server. */
export async function tapped(url: string): Promise<Tap> {
  const exchanges: Promise<Exchange>[] = [];
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => [near, far].map((one) => one.destroy()))
        .on('close', () => sockets.delete(socket));
    }
    const both = Promise.all([buffer(near), buffer(far)]);
    near.pipe(far);
    far.pipe(near);
    const exchange = both.then(([request, response]) => ({ request, response }));
    exchange.catch(() => {});
    exchanges.push(exchange);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The tap has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    // What was broken off is none.
    exchanges: async () =>
      (await Promise.allSettled(exchanges)).flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What was asked in an exchange, and the name of the error where it was refused: `GetSecretValue 200`. */
export function summaryOf({ request, response }: Exchange): string {
  const [head = '', ...rest] = request.toString().split('\r\n');
  const target = rest.map((line) => /^x-amz-target: ?\w+\.(\w+)$/i.exec(line)?.[1]).find(Boolean);
  const [, method, path = ''] = /^(\w+) ([^ ?]+)/.exec(head) ?? [];
  const answer = response.toString();
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
  const [, code] =
    /"__type": ?"(?:[^"]*#)?(\w+)"/.exec(answer) ?? /^x-amzn-errortype: ?(\w+)/im.exec(answer) ?? [];
  return `${target ?? `${method} ${path}`} ${code ?? status}`;
}
