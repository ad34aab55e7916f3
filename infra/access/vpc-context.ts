import * as z from 'zod';
import { slack } from '../../lib/chat/slack.ts';
import { orMissing } from '../../lib/field-errors.ts';
import type { System } from '../../lib/system.ts';
import { contextValue } from './context-value.ts';

/** The services of AWS that functions ask, which have no way out of private subnets unless the VPC gives them one. */
const services = ['secretsmanager', 'scheduler', 'lambda'] as const;

const id = (prefix: string) =>
  z
    .string({ error: orMissing(`must be an id, ${prefix}-…`) })
    .regex(new RegExp(`^${prefix}-[a-f\\d]{8,17}$`), `must be an id, ${prefix}-…`);

const list = <Item extends z.ZodType>(item: Item) =>
  z.array(item, { error: orMissing('must be a list') }).min(1, 'must not be empty');

const vpcOf = (systems: string[]) =>
  z.strictObject(
    {
      vpcId: id('vpc'),
      subnetIds: list(id('subnet')),
      securityGroupIds: list(id('sg')).optional(),
      systems: list(z.enum(systems, { error: `must be one of ${systems.join(', ')}` })).default([
        'sps',
        'opsManager',
      ]),
      endpoints: z
        .array(z.enum(services, { error: `must be one of ${services.join(', ')}` }), {
          error: 'must be a list',
        })
        .default(['secretsmanager', 'scheduler']),
    },
    { error: 'must be an object' },
  );

/** Where the functions of some systems run: in private subnets of a VPC that there is already. */
export type Vpc = z.output<ReturnType<typeof vpcOf>>;

/** The context value `vpc`; without it, every function reaches its system over the internet. */
export function readVpc(context: unknown, systems: System[]): Vpc | undefined {
  if (context === undefined) return undefined;
  const able = systems.filter(({ name, secret }) => secret && name !== slack.name).map(({ name }) => name);
  const schema = vpcOf(able);
  return contextValue('vpc', schema, context, Object.keys(schema.shape));
}
