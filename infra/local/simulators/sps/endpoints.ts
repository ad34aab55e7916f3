import * as z from 'zod';
import { json, type Response } from '../listen.ts';
import type { Appliance, Session } from './appliance.ts';
import { health, info, passwordBody, successStatuses } from './assumed.ts';
import type { Body } from './configuration.ts';
import { parse, Refusal } from './refusal.ts';
import { type Resource, resourcesByPath } from './resources.ts';
import { type SpsSettings, traitsOf } from './settings.ts';
import { children, metaOf } from './tree.ts';

/** A request that is signed in and has the right to be here. */
export interface Call {
  /** Without a slash at its end. */
  path: string;
  session: Session;
  appliance: Appliance;
  settings: SpsSettings;
  /** The parsed body. Throws a `Refusal` where it is not a JSON object. */
  body(): Body;
}

type Endpoint = Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', (call: Call) => Response>>;

/** What a path answers, by the methods it takes; `undefined` where there is no such path. */
export function endpointAt(path: string): Endpoint | undefined {
  const resource = resourcesByPath.get(path);
  if (resource) return resourceEndpoint(resource);
  const items = children[path];
  if (items) return collection(items);
  return path.startsWith(`${passwords}/`) ? password : endpoints.get(path);
}

const meta = ({ path, session, appliance }: Call) => metaOf(path, appliance.remainingSeconds(session));

const resourceEndpoint = ({ path, show, put }: Resource): Endpoint => ({
  GET: (call) => {
    const { configuration } = call.appliance.view(call.session);
    const body = show(configuration, call.settings);
    return json(200, { body, key: path.slice(path.lastIndexOf('/') + 1), meta: meta(call) });
  },
  ...(put && {
    PUT: (call) => {
      call.appliance.put(call.session, put.apply, call.body());
      return json(call.settings.putStatus ?? put.status, { meta: meta(call) });
    },
  }),
});

const collection = (names: string[]): Endpoint => ({
  GET: (call) => {
    const items = names.map((key) => ({ key, meta: { href: `${call.path}/${key}` } }));
    return json(200, { items, meta: meta(call) });
  },
});

const passwords = '/api/configuration/passwords';
const newPassword = z.strictObject({ plain: z.string().min(1) });

const passwordCollection: Endpoint = {
  POST: (call) => {
    const { plain } = parse(newPassword, call.body());
    const key = call.appliance.createPassword(call.session, plain);
    const created = meta({ ...call, path: `${passwords}/${key}` });
    return json(successStatuses.createPassword, { key, meta: created });
  },
};

const password: Endpoint = {
  GET: (call) => {
    const key = call.path.slice(passwords.length + 1);
    if (!Object.hasOwn(call.appliance.view(call.session).passwords, key))
      throw new Refusal('NotFound', 'There is no such password.');
    return json(200, { body: passwordBody, key, meta: meta(call) });
  },
};

const transactionPath = '/api/transaction';
const commitBody = z.strictObject({ status: z.literal('commit'), commit_message: z.string().optional() });

function transactionStatus({ session, appliance, settings }: Call) {
  const status = session.transaction ? 'open' : 'closed';
  const remaining = appliance.remainingSeconds(session);
  return {
    ...(traitsOf(settings).statusShape === 'body'
      ? { body: { commit_message: appliance.commitMessageRequired ? 'required' : 'optional', status } }
      : { transaction: { status } }),
    key: 'transaction',
    meta: {
      ...(appliance.changes(session).length > 0 && { changes: `${transactionPath}/changes` }),
      href: transactionPath,
      parent: '/api',
      ...(remaining !== undefined && { remaining_seconds: remaining }),
    },
  };
}

const transaction: Endpoint = {
  GET: (call) => json(200, transactionStatus(call)),
  POST: (call) => {
    call.appliance.open(call.session);
    return json(successStatuses.open, transactionStatus(call));
  },
  PUT: (call) => {
    const { commit_message } = parse(commitBody, call.body());
    call.appliance.commit(call.session, commit_message);
    return json(successStatuses.commit, transactionStatus(call));
  },
  DELETE: (call) => {
    call.appliance.rollBack(call.session);
    return json(successStatuses.rollback, { meta: { href: transactionPath, parent: '/api' } });
  },
};

const changes: Endpoint = {
  GET: (call) =>
    json(200, {
      changes: call.appliance.changes(call.session),
      meta: { href: `${transactionPath}/changes`, parent: transactionPath, transaction: transactionPath },
    }),
};

const userInfo: Endpoint = {
  GET: ({ path, session: { user, token }, settings }) => {
    const { requireXToken, tellsLoginMethod } = traitsOf(settings);
    return json(200, {
      endpoints: user.endpoints,
      ...(tellsLoginMethod && {
        login_method: { authentication: 'local', credential: 'password', name: 'local' },
      }),
      meta: { href: path, parent: '/api' },
      // Assumed: where the token stands.
      user: { name: user.name, ...(requireXToken && { token }) },
    });
  },
};

const endpoints = new Map<string, Endpoint>([
  [passwords, passwordCollection],
  [transactionPath, transaction],
  [`${transactionPath}/changes`, changes],
  ['/api/user_info', userInfo],
  ['/api/userinfo', userInfo],
  ['/api/user/info', userInfo],
  ['/api/info', { GET: ({ settings }) => json(200, info(settings.profile)) }],
  ['/api/health_status', { GET: () => json(200, health) }],
]);
