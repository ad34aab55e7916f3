import { buildConnector } from 'undici';
import { connectTimeoutMs } from '../time-outs.ts';
import { certificatesIn } from './certificates.ts';
import { proxyVariables } from './proxy-variables.ts';

/**
 * How undici is to connect to a system, trusting the authorities of `ca`, as PEM, or else the public ones: through the
 * proxy that the environment names, if any. What that takes is loaded only where there is one.
 */
export function connectorFor(ca?: string): buildConnector.connector {
  const options = { timeout: connectTimeoutMs, ...(ca !== undefined && { ca: certificatesIn(ca) }) };
  const connect = proxyVariables.some((name) => process.env[name])
    ? throughProxy(options)
    : buildConnector({ ...options, allowH2: false });
  return (target, callback) =>
    connect(target, (...connected) => {
      const [, socket] = connected;
      // With TLS 1.3 a server refuses us after the handshake. undici would go on to the end of the connection, and tell
      // of that alone.
      socket?.once('error', (error) => socket.destroy(error));
      callback(...connected);
    });
}

function throughProxy(options: buildConnector.BuildOptions): buildConnector.connector {
  let connector: Promise<buildConnector.connector> | undefined;
  return (target, callback) => {
    connector ??= import('./proxy.ts').then(({ proxyConnector }) => proxyConnector(options));
    connector.then(
      (connect) => connect(target, callback),
      (error) => callback(error, null),
    );
  };
}
