import { FaultQueue } from './faults.ts';
import { type Answer, type Listener, listen, type Request, type TlsIdentity } from './listen.ts';
import { Api, usualSettings } from './mongodb/api.ts';
import { type ApiFault, faulty } from './mongodb/api-error.ts';
import { type OpsManagerApiSettings, opsManagerDialect } from './ops-manager/dialect.ts';
import { demoWorld, type Organization } from './ops-manager/world.ts';

export { type AccessListEntry, accessListOf } from './mongodb/access-list.ts';
export { alertConfigsOf } from './mongodb/demo-alert-configs.ts';
export { alertKinds, demo, demoWorld, type Organization } from './ops-manager/world.ts';

export interface OpsManagerOptions extends Partial<OpsManagerApiSettings> {
  /** Any free one unless given. */
  port?: number;
  /** Serves HTTPS with this identity; HTTP unless given. */
  tls?: TlsIdentity;
  /** The demo world unless given. */
  organizations?: Organization[];
}

export interface OpsManagerSimulator extends Listener {
  settings: OpsManagerApiSettings;
  /** What exists. Changing it changes what Ops Manager answers. */
  organizations: Organization[];
  /** A request without credentials only asks for a Digest challenge, and is left alone. */
  fail(fault: ApiFault): void;
  /** Forgets the faults that are still to come. */
  recover(): void;
  /** Lets time pass for the simulator alone: nonces go stale, rate limits refill. */
  advance(seconds: number): void;
}

/** Starts a simulated Ops Manager on loopback, with its Digest, limits and faults. */
export async function startOpsManager({
  port,
  tls,
  organizations = demoWorld(),
  ...chosen
}: OpsManagerOptions = {}): Promise<OpsManagerSimulator> {
  const settings: OpsManagerApiSettings = { ...usualSettings, refuse: undefined, ...chosen };
  let passed = 0;
  const api = new Api(opsManagerDialect(settings), organizations, settings, () => Date.now() + passed);
  const faults = new FaultQueue<ApiFault>();

  const answer = async (request: Request): Promise<Answer> => {
    const answerTruly = () => api.answer(request);
    const fault = request.headers.authorization ? faults.take(() => true) : undefined;
    return fault ? faulty(fault, answerTruly) : answerTruly();
  };

  const listener = await listen(answer, port, tls);
  return {
    ...listener,
    settings,
    organizations,
    fail: (fault) => faults.add(fault),
    recover: () => faults.clear(),
    advance: (seconds) => {
      passed += seconds * 1_000;
    },
  };
}
