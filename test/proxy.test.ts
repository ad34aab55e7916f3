import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { handler as checkAtlas } from '../functions/atlas/check-connection.ts';
import { handler as checkOpsManager } from '../functions/ops-manager/check-connection.ts';
import { handler as checkSps } from '../functions/sps/check-connection.ts';
import { type AtlasSimulator, startAtlas } from '../infra/local/simulators/atlas.ts';
import { type OpsManagerSimulator, startOpsManager } from '../infra/local/simulators/ops-manager.ts';
import { type SpsSimulator, demo as spsDemo, startSps } from '../infra/local/simulators/sps.ts';
import { checkReport } from '../lib/check/check.ts';
import { proxyFor } from '../lib/upstream/proxy.ts';
import { certify, withoutOpenssl } from './certify.ts';
import {
  answered,
  apiKey,
  directOutcome,
  opsManagerKey,
  type Systems,
  serviceAccount,
  startSystems,
} from './harness.ts';

const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'];

/**
 * A proxy on loopback that knows every host to be this machine, and looks into TLS: it has a certificate of its own for
 * each. `refuse` is how it answers instead.
 */
interface Proxy {
  url: string;
  heads: string[];
  refuse: string | undefined;
  close(): void;
}

async function startProxy(tls: { key: string; cert: string }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const kept = <Kind extends Socket>(socket: Kind): Kind => {
    sockets.add(socket);
    return socket.on('error', () => {});
  };
  const server: Server = createServer((socket) => {
    kept(socket).once('data', (chunk) => {
      const head = chunk.toString('latin1');
      proxy.heads.push(head);
      if (proxy.refuse !== undefined) {
        socket.end(proxy.refuse);
        return;
      }
      const [, port] = /^CONNECT \S+:(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
      const upstream = kept(connect(Number(port), '127.0.0.1'));
      upstream.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n');
        const inside = kept(new TLSSocket(socket, { isServer: true, ...tls }));
        upstream.pipe(inside);
        // The simulators answer to this machine's own name alone.
        inside.on('data', (sent: Buffer) =>
          upstream.write(sent.toString('latin1').replace(/^host: [^:\r]+/im, 'host: 127.0.0.1'), 'latin1'),
        );
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const proxy: Proxy = {
    url: `127.0.0.1:${address.port}`,
    heads: [],
    refuse: undefined,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return proxy;
}

describe('where only a proxy leads out', { skip: withoutOpenssl }, () => {
  let folder: string;
  let ca: string;
  let world: Systems;
  let proxy: Proxy;
  let atlas: AtlasSimulator;
  let opsManager: OpsManagerSimulator;
  let sps: SpsSimulator;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'switchboard-'));
    ca = certify(folder, 'inspection').cert;
    const signer = ['-CA', join(folder, 'inspection.pem'), '-CAkey', join(folder, 'inspection.key')];
    const end = ['-addext', 'subjectAltName=DNS:*.test.example', '-addext', 'basicConstraints=CA:FALSE'];
    const tls = certify(folder, 'end', ...signer, ...end);
    [world, proxy, atlas, opsManager, sps] = await Promise.all([
      startSystems(),
      startProxy(tls),
      startAtlas(),
      startOpsManager(),
      startSps(),
    ]);
  });

  afterEach(() => {
    for (const name of names) delete process.env[name];
    Object.assign(proxy, { heads: [], refuse: undefined });
  });

  after(async () => {
    proxy.close();
    await Promise.all([atlas.close(), opsManager.close(), sps.close(), world.stop()]);
    rmSync(folder, { recursive: true });
  });

  const named = (secret: { baseUrl: string }) => ({
    ...secret,
    ca,
    baseUrl: secret.baseUrl.replace('http://127.0.0.1', 'https://system.test.example'),
  });
  const connections = {
    'Atlas, as a service account': () => [checkAtlas, 'atlas', named(serviceAccount(atlas))],
    'Atlas, with an API key': () => [checkAtlas, 'atlas', named(apiKey(atlas))],
    'Ops Manager': () => [checkOpsManager, 'opsManager', named(opsManagerKey(opsManager))],
    SPS: () => [
      checkSps,
      'sps',
      named({ baseUrl: sps.url, ...{ username: spsDemo.username, password: spsDemo.password } }),
    ],
  } satisfies Record<string, () => [typeof checkSps, string, object]>;

  async function check([handler, system, secret]: [typeof checkSps, string, object]) {
    const connection = world.store(secret, system);
    return checkReport.parse(answered(await directOutcome(handler, { connection, input: {} })));
  }

  for (const [what, connection] of Object.entries(connections))
    test(`${what}: is reached through it, and its certificate is checked against the connection's ca`, async () => {
      process.env['HTTPS_PROXY'] = `http://proxyuser:p%40ss-word@${proxy.url}`;
      assert.deepEqual(
        (await check(connection())).steps.find(({ status }) => status === 'failed'),
        undefined,
      );
      assert.ok(proxy.heads.length > 0);
      const basic = Buffer.from('proxyuser:p@ss-word').toString('base64');
      for (const head of proxy.heads) {
        assert.match(head, /^CONNECT system\.test\.example:\d+ HTTP\/1\.1\r\n/);
        assert.ok(head.includes(`Proxy-Authorization: Basic ${basic}\r\n`));
      }
    });

  const failures: [what: string, answer: string, retryable: boolean, words: RegExp][] = [
    ['wants a password', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', false, /user and password/],
    ['forbids the host', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n', false, /refuses connections/],
    ['cannot reach the host', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', true, /could not reach/],
    ['is no proxy', 'SSH-2.0-OpenSSH\r\n\r\n', true, /no answer that a proxy gives/],
    ['closes', '', true, /no answer that a proxy gives/],
  ];
  for (const [what, answer, retryable, words] of failures)
    test(`a proxy that ${what} is named, and its password is not`, async () => {
      process.env['https_proxy'] = `http://proxyuser:hunter2-hunter2@${proxy.url}`;
      for (const connection of Object.values(connections)) {
        proxy.refuse = answer;
        const report = await check(connection());
        const failed = report.steps.find(({ status }) => status === 'failed');
        assert.deepEqual(
          [failed?.step, failed?.problem?.code, failed?.problem?.retryable],
          ['reach', 'PROXY_FAILED', retryable],
        );
        assert.match(failed?.problem?.detail ?? '', words);
        assert.ok(failed?.problem?.detail.includes(proxy.url));
        assert.doesNotMatch(JSON.stringify(report), /hunter2|proxyuser/);
      }
      assert.ok(!world.logLines.some((line) => line.includes('hunter2')));
    });

  test('a proxy that is down is named', async () => {
    process.env['HTTP_PROXY'] = '127.0.0.1:1';
    const report = await check(connections.SPS());
    const problem = report.steps.find(({ status }) => status === 'failed')?.problem;
    assert.deepEqual([problem?.code, problem?.retryable], ['PROXY_FAILED', true]);
    assert.match(problem?.detail ?? '', /127\.0\.0\.1:1\b.*cannot be reached/);
  });

  test('what is wrong with a proxy is not said of the system’s own address', async () => {
    for (const [address, words] of [
      ['http://proxy.invalid:3128', /DNS/],
      [`https://127.0.0.1:${new URL(sps.url).port}`, /does not speak TLS/],
    ] as const) {
      process.env['HTTPS_PROXY'] = address;
      const report = await check(connections.SPS());
      const problem = report.steps.find(({ status }) => status === 'failed')?.problem;
      assert.equal(problem?.code, 'PROXY_FAILED');
      assert.match(problem?.detail ?? '', words);
      assert.doesNotMatch(problem?.detail ?? '', /baseUrl/);
    }
  });

  test('an address that no proxy has is named, and what stands in it is not', async () => {
    process.env['HTTPS_PROXY'] = 'socks5://proxyuser:hunter2@127.0.0.1:1';
    const report = await check(connections.SPS());
    const problem = report.steps.find(({ status }) => status === 'failed')?.problem;
    assert.deepEqual([problem?.code, problem?.retryable], ['PROXY_FAILED', false]);
    assert.doesNotMatch(JSON.stringify(report), /hunter2/);
  });

  test('without the connection’s ca, what looks into TLS is not trusted', async () => {
    process.env['HTTPS_PROXY'] = `http://${proxy.url}`;
    const [handler, system, { ca: _ca, ...secret }] = connections['Atlas, with an API key']();
    const report = await check([handler, system, secret]);
    const problem = report.steps.find(({ status }) => status === 'failed')?.problem;
    assert.equal(problem?.code, 'UPSTREAM_UNTRUSTED');
    assert.match(problem?.remedy ?? '', /as ca \(PEM\)/);
  });
});

describe('which proxy leads to a host', () => {
  const env = (noProxy: string) => ({ HTTPS_PROXY: 'http://proxy.example', NO_PROXY: noProxy });
  const without: [noProxy: string, host: string, isProxied: boolean][] = [
    ['', 'cloud.mongodb.com', true],
    ['*', 'cloud.mongodb.com', false],
    ['mongodb.com', 'cloud.mongodb.com', false],
    ['.mongodb.com', 'cloud.mongodb.com', false],
    ['*.mongodb.com', 'CLOUD.mongodb.com', false],
    ['godb.com', 'cloud.mongodb.com', true],
    ['a.example, mongodb.com', 'cloud.mongodb.com', false],
    ['cloud.mongodb.com:443', 'cloud.mongodb.com', false],
    ['cloud.mongodb.com:8443', 'cloud.mongodb.com', true],
    ['10.0.0.0/8', '10.1.2.3', false],
    ['10.0.0.0/8', '11.1.2.3', true],
    ['10.0.0.0/88', '10.1.2.3', true],
    ['10.0.0.0/8.5', '10.1.2.3', true],
    ['11.0.0.0/', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.3', false],
    ['10.1.2.3:443', '10.1.2.3', false],
    ['fd00::/8', '[fd00::1]', false],
    ['[fd00::1]:443', '[fd00::1]', false],
    ['', 'localhost', false],
    ['', '127.1.2.3', false],
    ['', '[::1]', false],
    ['', '169.254.169.254', false],
  ];
  for (const [noProxy, host, isProxied] of without)
    test(`${host} with NO_PROXY=${noProxy} is asked ${isProxied ? 'through it' : 'directly'}`, () => {
      assert.equal(proxyFor(host, '443', env(noProxy)) !== undefined, isProxied);
    });

  test('the lower case counts first, and HTTP_PROXY where there is no other', () => {
    const both = { https_proxy: 'one', HTTPS_PROXY: 'two', HTTP_PROXY: 'three' };
    assert.equal(proxyFor('a.example', '443', both), 'one');
    assert.equal(proxyFor('a.example', '443', { HTTP_PROXY: 'three' }), 'three');
    assert.equal(proxyFor('a.example', '443', {}), undefined);
  });
});
