import type { Body } from './configuration.ts';

// What no document says of SPS, and what a real appliance may correct here: nothing else knows these values.

/** The types that an error may have, with its status. Only the first three are documented by name. */
export const errorStatuses = {
  Unauthenticated: 401,
  Unauthorized: 403,
  NotFound: 404,
  SyntaxError: 400,
  SemanticError: 400,
  /** A password or an address is named that does not exist. */
  InvalidReference: 400,
  NoTransaction: 400,
  MethodNotAllowed: 405,
  TransactionAlreadyOpen: 409,
  /** The status is only the usual one: see the setting `lockedStatus`. */
  ConfigurationLocked: 409,
  Conflict: 409,
  ContentTypeNotSupported: 415,
  /** Signing in with a certificate; it is left out of the simulator. */
  NotSimulated: 501,
} as const;

/** The statuses of what went well. Every GET has 200, which is documented, as is the 201 of some PUTs. */
export const successStatuses = {
  open: 201,
  commit: 200,
  rollback: 200,
  put: 200,
  createPassword: 201,
} as const;

/** How an error looks. That `type`, `message` and `details` exist is known from public clients. */
export const errorBody = (type: string, message: string, path: string, details: Body = {}) => ({
  error: { type, message, details: { resource: path, ...details } },
  meta: { href: path },
});

/** The page that the web server in front of SPS's REST server answers where a length is missing. */
export const lengthRequired = {
  status: 411,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>411</title></head><body><h1>A length is required</h1></body></html>\n',
};

/** The attributes of the session's cookie, as public clients read them. */
export const sessionCookie = (id: string, expires: Date): string =>
  `session_id=${id}; expires=${expires.toUTCString()}; Path=/`;

/** The place of one changed field, in the way that references name a place inside of an object. */
export const leafPath = (path: string, field: string): string => `${path}#${field}`;

export const info = (version: string) => ({ body: { product: 'SPS', version } });

/** The names are documented. */
export const health = { cpu: 3, disk: 21, load1: 0.12, load5: 0.2, load15: 0.18, memory: 37, swap: 0 };

/** What is shown of a password: that it exists. */
export const passwordBody = {};
