import * as z from 'zod';
import type { Configuration, Snapshot } from './configuration.ts';
import { Refusal } from './refusal.ts';

const passwordsPath = '/api/configuration/passwords';
const nicsPath = '/api/configuration/network/nics';

const reference = z.strictObject({ key: z.string(), meta: z.looseObject({ href: z.string() }) });

/** The same body with each `{key, meta}` in it made its bare key. */
export function withBareKeys(body: unknown): unknown {
  const { data } = reference.safeParse(body);
  if (data) return data.key;
  if (Array.isArray(body)) return body.map(withBareKeys);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, withBareKeys(value)]));
}

const passwordReference = (key: string) => ({ key, meta: { href: `${passwordsPath}/${key}` } });

function addressReference(key: string) {
  const [nic, ...place] = key.split('.');
  return { key, meta: { href: `${nicsPath}/${nic}#${place.join('/')}` } };
}

const withPasswordReferences = <User extends SnmpUser>(user: User) => ({
  ...user,
  auth_password: passwordReference(user.auth_password),
  encryption_password: user.encryption_password === null ? null : passwordReference(user.encryption_password),
});

export function showTrap(trap: Configuration['trap']) {
  const { version } = trap;
  if (version.selection === '2c') return trap;
  return { ...trap, version: { ...version, value: withPasswordReferences(version.value) } };
}

export const showSnmpAgent = (agent: Configuration['snmp_agent']) => ({
  ...agent,
  listen: agent.listen.map(({ address, port }) => ({ address: addressReference(address), port })),
  version_3: { ...agent.version_3, users: agent.version_3.users.map(withPasswordReferences) },
});

interface SnmpUser {
  auth_password: string;
  encryption_password: string | null;
}

function passwordKeys({ trap: { version }, snmp_agent }: Configuration): string[] {
  const users: SnmpUser[] = [
    ...(version.selection === '3' ? [version.value] : []),
    ...snmp_agent.version_3.users,
  ];
  return users.flatMap(({ auth_password, encryption_password }) =>
    encryption_password === null ? [auth_password] : [auth_password, encryption_password],
  );
}

// As documented for SNMP: at least eight of these characters.
const snmpPassword = /^[a-zA-Z\d!"#$%&'()*+,;<=&@[\\\]^`{|}_./:?\- ]{8,}$/;

/** Refuses a configuration that refers to what is not there, or to one password twice. */
export function checkReferences({ configuration, passwords }: Snapshot): void {
  const used = new Set<string>();
  for (const key of passwordKeys(configuration)) {
    const plain = Object.hasOwn(passwords, key) ? passwords[key] : undefined;
    if (plain === undefined) throw new Refusal('InvalidReference', `There is no password ${key}.`);
    if (used.has(key)) throw new Refusal('SemanticError', `Password ${key} is already in use.`);
    if (!snmpPassword.test(plain))
      throw new Refusal('SemanticError', `Password ${key} is too short for SNMP, or has other characters.`);
    used.add(key);
  }
  for (const { address } of configuration.snmp_agent.listen)
    if (!addressKeys(configuration).includes(address))
      throw new Refusal('InvalidReference', `There is no address ${address}.`);
}

const nicInterface = z.object({ addresses: z.record(z.string(), z.unknown()) });

function addressKeys({ nics }: Configuration): string[] {
  return Object.entries(nics).flatMap(([nic, { interfaces }]) =>
    Object.entries(interfaces).flatMap(([id, value]) =>
      Object.keys(nicInterface.safeParse(value).data?.addresses ?? {})
        .filter((name) => name !== '@order')
        .map((name) => `${nic}.interfaces.${id}.addresses.${name}`),
    ),
  );
}
