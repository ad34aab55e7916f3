import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsIdentity } from '../infra/local/simulators/listen.ts';

/** Why no certificates can be made here; `false` where they can. */
export const withoutOpenssl =
  spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl here';

/**
 * Makes a key and a certificate for it, signed by itself unless `words` for openssl tell by whom. They lie in the
 * folder as `<name>.key` and `<name>.pem`.
 */
export function certify(folder: string, name: string, ...words: string[]): TlsIdentity {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  const common = ['req', '-x509', ...fresh, '-out', cert, '-days', '2', '-subj', `/CN=${name}`];
  execFileSync('openssl', [...common, ...words], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
