import { isIP } from 'node:net';
import * as z from 'zod';
import { orMissing } from '../field-errors.ts';

/** Whether a host, as a URL has it, is this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

const isAllowed = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, search, hash } = new URL(text);
  if (username !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
};

/** Where an upstream system answers. Plain http would show credentials to the network: loopback only. */
export const baseUrl = z
  .string({ error: orMissing('must be text') })
  .trim()
  .refine(isAllowed, 'must be an https URL without credentials, query or fragment (http for loopback only)')
  .transform((text) => text.replace(/(?<!\/)\/+$/, ''));
