import { Deadline } from '../deadline.ts';
import type { Secrets } from '../foreign/secrets.ts';
import { tokenWaitMs } from '../time-outs.ts';
import type { Authenticator } from './http-client.ts';

/** An access token, and the time by `Date.now()` from when on another is to be used. */
export interface Token {
  value: string;
  renewAt: number;
}

const longestReserveMs = 60_000;

/** When to renew a token that was asked for at a time and lives for so many seconds: before its very last. */
export const renewalOf = (askedAt: number, seconds: number): number =>
  askedAt + seconds * 1_000 - Math.min(longestReserveMs, seconds * 100);

/**
 * Signs requests with an OAuth 2 bearer token (RFC 6749, section 4.4): with `first` or, when that is old or there is
 * none, with what `mint` answers. It is told of a token that was refused; where it answers the same one, there is no
 * better. `secrets` are those of the connection: each token is one of them.
 *
 * However many requests wait, one mint serves them; it has time of its own, so that one caller's deadline does not fail
 * the others. Who runs out of time while waiting is told so by `late`. A request whose token meets 401 is sent once more
 * with a new one.
 */
export function clientCredentials<Kind extends Token>(
  secrets: Secrets,
  mint: (deadline: Deadline, refused?: Kind) => Promise<Kind>,
  late: () => Error,
  first?: Kind,
): Authenticator {
  // The wall clock tells its age, because the monotonic one may stand still while a Lambda sandbox is frozen.
  let token = first;
  let minting: Promise<Kind> | undefined;
  if (first) secrets.addPassing(first.value);

  const renew = async (refused: Kind | undefined) => {
    using deadline = new Deadline(tokenWaitMs);
    token = await mint(deadline, refused);
    secrets.addPassing(token.value);
    return token;
  };

  const current = async (deadline: Deadline, refused?: Kind) => {
    if (token === refused) token = undefined;
    if (token && Date.now() < token.renewAt) return token;
    minting ??= renew(refused).finally(() => {
      minting = undefined;
    });
    return deadline.race(minting, late);
  };

  return async (_request, send, deadline) => {
    const used = await current(deadline);
    const response = await send({ authorization: `Bearer ${used.value}` });
    if (response.status !== 401) return response;
    const renewed = await current(deadline, used);
    return renewed.value === used.value ? response : send({ authorization: `Bearer ${renewed.value}` });
  };
}
