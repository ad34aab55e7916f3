import type { buildConnector } from 'undici';
import { connectTimeoutMs } from '../time-outs.ts';
import { certificatesIn } from './certificates.ts';
import { proxyVariables } from './proxy-variables.ts';

/**
 * How undici is to connect to a system, trusting the authorities of `ca`, as PEM, or else the public ones: through the
 * proxy that the environment names, if any. What that takes is loaded only where there is one.
 */
export function connectOptions(ca?: string): buildConnector.BuildOptions | buildConnector.connector {
  const options = { timeout: connectTimeoutMs, ...(ca !== undefined && { ca: certificatesIn(ca) }) };
  if (!proxyVariables.some((name) => process.env[name])) return options;
  let connector: Promise<buildConnector.connector> | undefined;
  return (target, callback) => {
    connector ??= import('./proxy.ts').then(({ proxyConnector }) => proxyConnector(options));
    connector.then(
      (connect) => connect(target, callback),
      (error) => callback(error, null),
    );
  };
}
