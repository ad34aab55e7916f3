import type { buildConnector } from 'undici';
import { connectTimeoutMs } from '../time-outs.ts';
import { proxyVariables } from './proxy-variables.ts';

interface Trust {
  /** Certificates of authorities to trust in place of the public ones. */
  ca?: string[] | undefined;
}

/**
 * How undici is to connect to a system: through the proxy that the environment names, if any. What that takes is
 * loaded only where there is one.
 */
export function connectOptions({ ca }: Trust = {}): buildConnector.BuildOptions | buildConnector.connector {
  const options = { timeout: connectTimeoutMs, ...(ca && { ca }) };
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
