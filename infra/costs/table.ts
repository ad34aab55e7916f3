import { templateOf } from '../synthesize.ts';
import { costsOf, type Row } from './costs.ts';
import { pricesOf } from './prices.ts';

const callsAMonth = [0, 1e4, 1e6] as const;

/** Every setting that makes the stack larger. */
export const everySetting = {
  audit: { table: true },
  alarms: { email: 'ops@example.com' },
  auth: { jwt: { issuer: 'https://login.example.com/', audience: 'switchboard' } },
  connections: { atlas: ['prod'], opsManager: ['prod'], sps: ['dc1'] },
  kmsKey: 'new',
  vpc: {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  },
  schedules: [
    { name: 'nightly', operation: 'sps.getSystemAlerts', connection: 'dc1', expression: 'rate(1 day)' },
  ],
};

const dollars = (amount: number): string => amount.toFixed(2);

const totals = (rows: Row[]): number[] =>
  callsAMonth.map((_, index) => rows.reduce((sum, { monthly }) => sum + (monthly[index] ?? 0), 0));

/** What the stack costs a month, as a Markdown table: a row for each type of resource, with every setting on. */
export async function costTable(): Promise<string> {
  const plain = costsOf(await templateOf({}), callsAMonth);
  const rows = costsOf(await templateOf(everySetting), callsAMonth);
  const free = rows.filter(({ monthly }) => monthly.every((amount) => amount === 0));
  const paid = rows.filter((row) => !free.includes(row));
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    line([
      'US$ a month',
      'how many',
      'for',
      ...callsAMonth.map((calls) => `${calls.toLocaleString('en')} calls`),
    ]),
    line(['---', '---:', '---', '---:', '---:', '---:']),
    ...paid.map(({ type, count, for: what, monthly }) =>
      line([`\`${type}\``, count, what, ...monthly.map(dollars)]),
    ),
    line([`${free.map(({ type }) => `\`${type}\``).join(', ')}`, '', 'nothing', '0.00', '0.00', '0.00']),
    line(['**All, with every setting**', '', '', ...totals(rows).map(dollars)]),
    line(['**As `cdk.json` comes**', '', '', ...totals(plain).map(dollars)]),
    '',
    `Prices of ${pricesOf.region}, ${pricesOf.date}, without free tiers.`,
  ].join('\n');
}
