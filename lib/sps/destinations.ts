import * as z from 'zod';
import { Problem } from '../problems/problem.ts';
import type { SpsClient } from './client.ts';

/** How long a destination that is set up is taken to stay so; one that is missing is looked at every time. */
const goodMs = 5 * 60_000;

const isSet = z.string().min(1);
const missing = (what: string, where: string): string =>
  `${what} is not set up (${where}), so SPS drops these alerts and says nothing.`;

// Where each channel of alerts sends to, and how to tell that it sends nowhere.
const destinations: Record<string, { path: string; isSetUp: z.ZodType; otherwise: string }> = {
  email: {
    path: '/management/email',
    isSetUp: z.object({ body: z.object({ alerting_address: isSet }) }),
    otherwise: missing('The address for alert e-mails', 'alerting_address of /management/email'),
  },
  snmp: {
    path: '/management/snmp/trap',
    isSetUp: z.object({
      body: z.object({
        enabled: z.literal(true),
        version: z.object({ value: z.object({ server: z.object({ value: isSet }) }) }),
      }),
    }),
    otherwise: missing('The server for SNMP traps', '/management/snmp/trap'),
  },
};

/** A warning for each channel whose alerts would go nowhere; one request for each channel not known to be set up. */
export async function missingDestinations(client: SpsClient, channels: string[]): Promise<string[]> {
  const { destinations: known } = client.knowledge;
  const warnings: string[] = [];
  for (const channel of channels) {
    const destination = destinations[channel];
    if (!destination || (known.get(channel) ?? 0) > Date.now()) continue;
    try {
      const answer = await client.get(destination.path, z.unknown());
      if (destination.isSetUp.safeParse(answer).success) known.set(channel, Date.now() + goodMs);
      else warnings.push(destination.otherwise);
    } catch (error) {
      // A user may be allowed to switch alerts and not to see where they go.
      if (!(error instanceof Problem && error.details.upstream?.status === 403)) throw error;
      warnings.push(
        `Whether alerts by ${channel} arrive anywhere could not be checked: ${destination.path} may not be read.`,
      );
    }
  }
  return warnings;
}
