import * as z from 'zod';
import { contextValue } from './context-value.ts';

const mustBe = 'must be "new", or the ARN of a key: arn:aws:kms:<region>:<account>:key/<id>';

const kmsKey = z
  .string({ error: mustBe })
  .regex(/^(new|arn:aws[\w-]*:kms:[a-z\d-]+:\d{12}:key\/[\w-]+)$/, mustBe);

/** The context value `kmsKey`: a key of one's own for what the stack keeps. */
export const readKmsKey = (context: unknown): string | undefined =>
  context === undefined ? undefined : contextValue('kmsKey', kmsKey, context);
