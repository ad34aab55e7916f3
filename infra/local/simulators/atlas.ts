import { type AtlasApiSettings, atlasDialect } from './atlas/dialect.ts';
import { type TokenLimits, Tokens, tokenPath } from './atlas/tokens.ts';
import { demoWorld, type Organization } from './atlas/world.ts';
import { FaultQueue } from './faults.ts';
import { type Answer, type Listener, listen, type Request } from './listen.ts';
import { Api, usualSettings } from './mongodb/api.ts';
import { type ApiFault, faulty } from './mongodb/api-error.ts';

export { alertKinds, demo, demoWorld, type Organization } from './atlas/world.ts';
export { type AccessListEntry, accessListOf } from './mongodb/access-list.ts';
export { alertConfigsOf } from './mongodb/demo-alert-configs.ts';

/** How the simulated Atlas behaves. All of it may be changed while it runs. */
export interface AtlasSettings extends TokenLimits, AtlasApiSettings {}

export interface AtlasOptions extends Partial<AtlasSettings> {
  /** Any free one unless given. */
  port?: number;
  /** The demo world unless given. */
  organizations?: Organization[];
}

/**
 * Goes wrong for the next requests of the token endpoint or of the API. A request of the API that carries no
 * credentials only asks for a Digest challenge, and is left alone.
 */
export type AtlasFault = ApiFault & { on?: 'token' | 'api' };

export interface AtlasSimulator extends Listener {
  settings: AtlasSettings;
  /** What exists. Changing it changes what Atlas answers. */
  organizations: Organization[];
  fail(fault: AtlasFault): void;
  /** Forgets the faults that are still to come. */
  recover(): void;
  /** Makes every access token worthless at once. */
  revokeTokens(): void;
  /** Lets time pass for the simulator alone: tokens expire, nonces go stale, rate limits refill. */
  advance(seconds: number): void;
  /** How many tokens were minted. */
  readonly minted: number;
}

/** Starts a simulated Atlas Admin API v2 on loopback, with its OAuth 2 tokens, Digest, limits and faults. */
export async function startAtlas({
  port,
  organizations = demoWorld(),
  ...chosen
}: AtlasOptions = {}): Promise<AtlasSimulator> {
  const settings: AtlasSettings = {
    ...usualSettings,
    tokenSeconds: 3_600,
    liveTokens: 100,
    mintsPerMinute: 50,
    retryAfter: 'seconds',
    refuse: undefined,
    ...chosen,
  };
  let passed = 0;
  const now = () => Date.now() + passed;

  const accounts = () => organizations.flatMap(({ serviceAccounts }) => serviceAccounts);
  const tokens = new Tokens(
    (id) => accounts().find(({ clientId }) => clientId === id)?.clientSecret,
    settings,
    now,
  );
  const api = new Api(atlasDialect(settings), organizations, settings, now);
  const faults = new FaultQueue<AtlasFault>();

  const answer = async (request: Request): Promise<Answer> => {
    const { authorization } = request.headers;
    const place = request.url.pathname === tokenPath ? 'token' : 'api';
    const isSpared = place === 'api' && !authorization;
    const fault = isSpared ? undefined : faults.take(({ on = place }) => on === place);
    const answerTruly = () => (place === 'token' ? api.late(tokens.answer(request)) : signedIn(request));
    return fault ? faulty(fault, answerTruly) : answerTruly();
  };

  const signedIn = async (request: Request): Promise<Answer> => {
    const [, token = ''] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const clientId = tokens.clientIdOf(token);
    if (clientId === undefined) return api.answer(request);
    const isHome = ({ serviceAccounts }: Organization) =>
      serviceAccounts.some((account) => account.clientId === clientId);
    return api.answerFrom(organizations.find(isHome), request);
  };

  const listener = await listen(answer, port);
  return {
    ...listener,
    settings,
    organizations,
    fail: (fault) => faults.add(fault),
    recover: () => faults.clear(),
    revokeTokens: () => tokens.revokeAll(),
    advance: (seconds) => {
      passed += seconds * 1_000;
    },
    get minted() {
      return tokens.minted;
    },
  };
}
