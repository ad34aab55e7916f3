import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect, createServer, type Server } from 'node:tls';
import { certificates, certificatesIn } from '../lib/upstream/certificates.ts';
import { certify, withoutOpenssl } from './certify.ts';

describe('a ca that is taken is trusted, and one that is not is refused', { skip: withoutOpenssl }, () => {
  let folder: string;
  let ca: string;
  let other: string;
  let server: Server;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'switchboard-'));
    ca = certify(folder, 'authority').cert;
    other = certify(folder, 'other').cert;
    const signer = ['-CA', join(folder, 'authority.pem'), '-CAkey', join(folder, 'authority.key')];
    server = createServer(
      certify(folder, 'end', ...signer, '-addext', 'subjectAltName=IP:127.0.0.1'),
      (socket) => socket.end(),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const isTrusted = (text: string): Promise<boolean> =>
    new Promise((resolve) => {
      const address = server.address();
      assert.ok(typeof address === 'object' && address);
      const socket = connect({ port: address.port, host: '127.0.0.1', ca: certificatesIn(text) })
        .once('secureConnect', () => resolve(true))
        .once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
    });

  const taken: [what: string, text: () => string][] = [
    ['one certificate', () => ca],
    ['several', () => other + ca],
    ['several without a line between them', () => other.trim() + ca],
    ['Windows lines', () => ca.replaceAll('\n', '\r\n')],
    ['text around it', () => `Our authority:\n${ca}# until 2030\n`],
    ['text before it on its line', () => `CA: ${ca}`],
    ['an X509 CERTIFICATE', () => ca.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE')],
  ];
  for (const [what, text] of taken)
    test(what, async () => {
      assert.equal(certificates.safeParse(text()).success, true);
      assert.equal(await isTrusted(text()), true);
    });

  const refused: [what: string, text: () => string][] = [
    ['no certificate', () => 'garbage'],
    ['a certificate that is cut off', () => other + ca.slice(0, -40)],
    ['one that is cut off before one that is not', () => other.slice(0, -40) + ca],
    ['a block with something else in it', () => ca.replace(/\n[A-Za-z0-9+/]{10}/, '\nAAAAAAAAAA')],
    ['line breaks written out', () => ca.replaceAll('\n', '\\n')],
  ];
  for (const [what, text] of refused)
    test(what, () => assert.equal(certificates.safeParse(text()).success, false));
});
