import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createServer, type TlsOptions } from 'node:tls';
import { handler as checkAtlas } from '../functions/atlas/check-connection.ts';
import { handler as checkOpsManager } from '../functions/ops-manager/check-connection.ts';
import { handler as checkSps } from '../functions/sps/check-connection.ts';
import { checkReport } from '../lib/check/check.ts';
import { withoutOpenssl } from './certify.ts';
import { answered, directOutcome, type Systems, startSystems } from './harness.ts';

// Certificates and TLS that are not to be trusted, or not to be spoken with: each named by its cause.

const systems: Record<string, [handler: typeof checkSps, secret: object]> = {
  atlas: [checkAtlas, { clientId: 'mdb_sa_id_0123', clientSecret: 'mdb_sa_sk_not-a-secret' }],
  opsManager: [checkOpsManager, { publicKey: 'abcdefgh', privateKey: 'not-a-private-key' }],
  sps: [checkSps, { username: 'switchboard', password: 'not-a-password' }],
};

let world: Systems;
let folder: string;
const servers: Server[] = [];

before(async () => {
  world = await startSystems();
  folder = mkdtempSync(join(tmpdir(), 'switchboard-'));
  // OpenSSL's own would add extensions of its liking.
  writeFileSync(join(folder, 'openssl.cnf'), '[req]\ndistinguished_name = name\n[name]\n');
});

after(async () => {
  for (const server of servers) server.close();
  await world.stop();
  rmSync(folder, { recursive: true });
});

const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
const authority = ['-addext', 'basicConstraints=critical,CA:TRUE'];
const end = ['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE'];
const signedBy = (name: string) => [
  '-CA',
  join(folder, `${name}.pem`),
  '-CAkey',
  join(folder, `${name}.key`),
];

/** Makes a key and a certificate, signed by itself unless told by whom. */
function make(name: string, ...words: string[]): { key: string; cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const config = join(folder, 'openssl.cnf');
  execFileSync(
    'openssl',
    ['req', '-x509', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', `/CN=${name}`, ...words],
    {
      stdio: 'pipe',
      env: { ...process.env, OPENSSL_CONF: config },
    },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** Makes a key and a certificate of root's for a time that is not now. */
function dated(name: string, from: string, to: string): { key: string; cert: string } {
  const at = (file: string) => join(folder, file);
  const ca = `[ca]\ndefault_ca = it\n[it]\ndatabase = ${at('index')}\nnew_certs_dir = ${folder}\nrand_serial = yes\ndefault_md = sha256\npolicy = any\nx509_extensions = end\n[any]\ncommonName = supplied\n[end]\nsubjectAltName = IP:127.0.0.1\n`;
  writeFileSync(at('ca.cnf'), ca);
  writeFileSync(at('index'), '');
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, {
      stdio: 'pipe',
      env: { ...process.env, OPENSSL_CONF: at('openssl.cnf') },
    });
  openssl(
    'req',
    '-new',
    '-nodes',
    ...ec,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.csr`),
    '-subj',
    `/CN=${name}`,
  );
  const signer = ['-cert', at('root.pem'), '-keyfile', at('root.key'), '-startdate', from, '-enddate', to];
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-config',
    at('ca.cnf'),
    ...signer,
    '-in',
    at(`${name}.csr`),
    '-out',
    at(`${name}.pem`),
  );
  return { key: readFileSync(at(`${name}.key`), 'utf8'), cert: readFileSync(at(`${name}.pem`), 'utf8') };
}

async function portOf(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  assert.ok(typeof address === 'object' && address);
  return address.port;
}

const serve = (options: TlsOptions): Promise<number> =>
  portOf(
    createServer(options, (socket) => socket.on('error', () => {}).end()).on('tlsClientError', () => {}),
  );

/** What comes of a check of each system over a connection to such a server. */
async function assertEach(
  port: number,
  { ca, host = '127.0.0.1' }: { ca?: string | undefined; host?: string },
  code: string,
  words: RegExp,
): Promise<void> {
  for (const [system, [handler, secret]] of Object.entries(systems)) {
    const connection = world.store({ ...secret, baseUrl: `https://${host}:${port}`, ca }, system);
    const report = checkReport.parse(answered(await directOutcome(handler, { connection, input: {} })));
    const failed = report.steps.find(({ status }) => status === 'failed');
    assert.equal(failed?.step, 'reach');
    assert.deepEqual(
      [failed.problem?.code, failed.problem?.retryable],
      [code, false],
      failed.problem?.detail,
    );
    assert.match(failed.problem?.detail ?? '', words);
    assert.doesNotMatch(failed.problem?.detail ?? '', /UNSPECIFIED|no name here/);
  }
}

describe('a certificate', { skip: withoutOpenssl, concurrency: 4 }, () => {
  const cases: [
    what: string,
    words: RegExp,
    make: () => { server: TlsOptions; ca?: string; host?: string },
  ][] = [
    [
      'with a key of 1,024 bits',
      /too weak/,
      () => ({ server: make('weak', '-newkey', 'rsa:1024', ...signedBy('root'), ...end), ca: root() }),
    ],
    [
      'of an authority with a key of 1,024 bits',
      /too weak/,
      () => {
        const { cert: ca } = make('weak-root', '-newkey', 'rsa:1024', ...authority);
        return { server: make('of-weak', ...ec, ...signedBy('weak-root'), ...end), ca };
      },
    ],
    [
      'signed with SHA-1',
      /digest that is too weak/,
      () => ({ server: make('sha1', ...ec, '-sha1', ...signedBy('root'), ...end), ca: root() }),
    ],
    [
      'that has expired',
      /has expired/,
      () => ({ server: dated('expired', '20200101000000Z', '20200201000000Z'), ca: root() }),
    ],
    [
      'that is of tomorrow',
      /not valid yet/,
      () => ({ server: dated('early', '20900101000000Z', '20900201000000Z'), ca: root() }),
    ],
    [
      'for another name',
      /another name/,
      () => ({
        server: make(
          'named',
          ...ec,
          ...signedBy('root'),
          '-addext',
          'subjectAltName=DNS:sps.example',
          '-addext',
          'basicConstraints=CA:FALSE',
        ),
        ca: root(),
      }),
    ],
    ['that signs itself', /signed by itself/, () => ({ server: make('self', ...ec, ...end) })],
    [
      'of an unknown authority',
      /not known here/,
      () => ({ server: make('unknown', ...ec, ...signedBy('root'), ...end) }),
    ],
    [
      'for clients',
      /not made for that use/,
      () => ({
        server: make('client', ...ec, ...signedBy('root'), ...end, '-addext', 'extendedKeyUsage=clientAuth'),
        ca: root(),
      }),
    ],
    [
      'that one which is no authority signed',
      /not made for that use/,
      () => {
        const leaf = make('leaf', ...ec, ...signedBy('root'), '-addext', 'basicConstraints=CA:FALSE');
        const { key, cert } = make('of-leaf', ...ec, ...signedBy('leaf'), ...end);
        return { server: { key, cert: cert + leaf.cert }, ca: root() };
      },
    ],
    [
      'whose path is longer than its authority allows',
      /must not sign/,
      () => {
        const { cert: ca } = make('short', ...ec, '-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0');
        const middle = make('middle', ...ec, ...signedBy('short'), ...authority);
        const { key, cert } = make('of-middle', ...ec, ...signedBy('middle'), ...end);
        return { server: { key, cert: cert + middle.cert }, ca };
      },
    ],
    [
      'with a critical extension that nobody knows',
      /restriction/,
      () => ({
        server: make(
          'critical',
          ...ec,
          ...signedBy('root'),
          ...end,
          '-addext',
          '1.2.3.4=critical,ASN1:UTF8String:x',
        ),
        ca: root(),
      }),
    ],
    [
      'outside of what its authority may sign',
      /restriction/,
      () => {
        const { cert: ca } = make(
          'narrow',
          ...ec,
          ...authority,
          '-addext',
          'nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0',
        );
        return { server: make('of-narrow', ...ec, ...signedBy('narrow'), ...end), ca };
      },
    ],
    [
      'that was changed after it was signed',
      /damaged/,
      () => {
        const { key, cert } = make('damaged', ...ec, ...signedBy('root'), ...end);
        const [begin = '', ...lines] = cert.trim().split('\n');
        const body = Buffer.from(lines.slice(0, -1).join(''), 'base64');
        body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
        return {
          server: { key, cert: `${begin}\n${body.toString('base64')}\n${lines.at(-1)}\n` },
          ca: root(),
        };
      },
    ],
  ];
  const root = () => readFileSync(join(folder, 'root.pem'), 'utf8');

  before(() => {
    make('root', ...ec, ...authority);
  });

  for (const [what, words, arrange] of cases)
    test(`${what} is not trusted`, async () => {
      const { server, ca } = arrange();
      const port = await serve({ ciphers: 'DEFAULT@SECLEVEL=0', ...server });
      await assertEach(port, { ca }, 'UPSTREAM_UNTRUSTED', words);
    });
});

describe('TLS that cannot be spoken', { skip: withoutOpenssl, concurrency: true }, () => {
  let identity: { key: string; cert: string };
  before(() => {
    identity = make('plain', ...ec, ...end);
  });

  const cases: [what: string, words: RegExp, port: () => Promise<number>][] = [
    [
      'of an old version',
      /no version of TLS/,
      () => serve({ ...identity, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ],
    [
      'with a cipher that nobody else has',
      /no TLS cipher/,
      () =>
        serve({ ...identity, maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:ECDHE-ECDSA-NULL-SHA@SECLEVEL=0' }),
    ],
    [
      'on a port that speaks HTTP',
      /does not speak TLS/,
      () =>
        portOf(
          createTcpServer((socket) =>
            socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
          ),
        ),
    ],
    [
      'on a port that greets',
      /does not speak TLS/,
      () =>
        portOf(createTcpServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'))),
    ],
  ];
  for (const [what, words, port] of cases)
    test(`${what} is named`, async () => {
      await assertEach(await port(), { ca: identity.cert }, 'UPSTREAM_UNREACHABLE', words);
    });

  // With TLS 1.3 the client believes that it is in before it is told.
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    test(`which wants a client certificate is named, with ${version}`, async () => {
      const port = await serve({
        ...identity,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      });
      await assertEach(port, { ca: identity.cert }, 'UPSTREAM_UNREACHABLE', /client certificate/);
    });
});

test('a name that DNS does not know is named, and not tried again', async () => {
  for (const [system, [handler, secret]] of Object.entries(systems)) {
    const connection = world.store({ ...secret, baseUrl: 'https://switchboard.invalid' }, system);
    const report = checkReport.parse(answered(await directOutcome(handler, { connection, input: {} })));
    const problem = report.steps.find(({ status }) => status === 'failed')?.problem;
    assert.equal(problem?.code, 'UPSTREAM_UNREACHABLE');
    // A machine without a network answers otherwise than one whose DNS answers.
    assert.match(problem.detail, /DNS (does not know|gave no answer)/);
  }
});
