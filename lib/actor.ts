// Who calls, as it is written down.

/**
 * A caller's name on one line: what cannot be seen, and what no encoding can carry, shows as U+FFFD, so that no name
 * looks like another one or like a line of its own. `undefined` where nothing is left of it.
 */
export function callerName(text: string): string | undefined {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').trim();
  return line === '' ? undefined : line.slice(0, mostCharacters);
}

/** An ARN of an assumed role has some 700 at most. */
const mostCharacters = 1_000;

/** The claims that name whose a token is: the standard one, then a person before the client that acts for them. */
export const namingClaims = [
  'sub',
  'username',
  'preferred_username',
  'email',
  'client_id',
  'azp',
  'appid',
] as const;

/** Whom a token names; by another claim than `sub` with that claim's name, so that no two of them look alike. */
export function namedBy(claims: Record<string, unknown>): string | undefined {
  for (const claim of namingClaims) {
    const value = claims[claim];
    const name =
      typeof value === 'string' || typeof value === 'number' ? callerName(String(value)) : undefined;
    if (name !== undefined) return claim === 'sub' ? name : `${claim}:${name}`;
  }
  return undefined;
}
