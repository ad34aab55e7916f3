import * as z from 'zod';
import { orMissing } from './field-errors.ts';

const line = (trimmed: RegExp) =>
  z
    .string({ error: orMissing('must be text') })
    .overwrite((text) => text.replace(trimmed, ''))
    .regex(/./s, { error: 'must not be empty', abort: true });

// Looking behind, so that many of them in the middle are not looked at from each of them.
const blanks = /^\s+|(?<!\s)\s+$/g;
const breaks = /^[\r\n]+|(?<![\r\n])[\r\n]+$/g;

const controls = /^[^\p{Cc}]*$/u;
const noControls = 'must not hold a line break or another control character';

// Not min(): that looks at the length of a list as well.
const enough = /^.{8,}$/s;
const longEnough = 'must be at least 8 characters long';

/** A field of a connection's secret: text that is there. Blanks and line breaks around it are left out. */
export const secretText = line(blanks).regex(controls, noControls);

/** Text of several lines, such as certificates. */
export const secretLines = line(blanks);

/** A field that is secret itself. What is shorter could be guessed, and could not be told from other text. */
export const secretValue = secretText.regex(enough, longEnough);

/** A password: line breaks around it are left out, but blanks may belong to it. */
export const password = line(breaks).regex(controls, noControls).regex(enough, longEnough);

const headerCharacters = /^[\x20-\x7e]*$/;
const onlyThose = 'must hold ASCII characters only: it goes into an HTTP header';

/** A name that goes into an HTTP header as it is. */
export const headerText = secretText.regex(headerCharacters, onlyThose);

/** A secret that goes into an HTTP header as it is. */
export const headerSecret = secretValue.regex(headerCharacters, onlyThose);

/** Whom HTTP Basic signs in (RFC 7617, section 2): a colon would end the name. */
export const userName = secretText.regex(
  /^[^:]*$/,
  'must not hold a colon: signing in would cut it off there',
);
