import diagnostics from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { lambdaRuntimeMissing, startLambda } from '../../infra/local/lambda-runtime.ts';
import {
  alertEvent,
  bodyOf,
  bundled,
  bundledPlainly,
  listAccessList,
  listEvent,
  toggleSystemAlerts,
} from './bundled.ts';
import { milliseconds, type Report, table } from './report.ts';
import type { Simulators } from './simulators.ts';
import { median, takeTurns } from './turns.ts';

const rounds = 25;

interface Measured {
  name: string;
  operation: string;
  bare: string;
  event(): object;
  /** From one request that a starting function makes to the next: what lies between is told apart by them. */
  steps: { name: string; until: RegExp }[];
}

const first = { name: 'start Node and the runtime client, evaluate the bundle', until: /^GET .*\/next$/ };
const second = { name: 'take the event, ask for the secret', until: /^POST \/$/ };
const last = /^POST .*\/response$/;

const listing: Measured = {
  name: 'cold start of a list',
  operation: listAccessList,
  bare: 'test/bench/bare-handler.ts',
  event: () => listEvent('near'),
  steps: [
    first,
    second,
    { name: 'take the secret, ask for a token', until: /^POST .*\/token$/ },
    { name: 'take the token, ask for the list', until: /^GET .*\/accessList\?/ },
    { name: 'take the list, answer', until: last },
  ],
};

let email = false;

const changing: Measured = {
  name: 'cold start of a change',
  operation: toggleSystemAlerts,
  bare: 'test/bench/bare-change-handler.ts',
  event: () => {
    email = !email;
    return alertEvent(email);
  },
  steps: [
    first,
    second,
    { name: 'take the secret, ask for a session', until: /^GET .*\/authentication$/ },
    { name: 'take the session, ask for the alerts', until: /^GET .*\/system_alerts$/ },
    { name: 'take the alerts, open a transaction', until: /^POST .*\/transaction$/ },
    { name: 'write, look at the changes, commit', until: /^PUT .*\/transaction$/ },
    { name: 'take the commit, answer', until: last },
  ],
};

const started = z.object({ request: z.instanceof(IncomingMessage) });

/** From starting the process to the first answer, with nothing cached, against bare `node:http`. */
export async function coldStart({ env }: Simulators): Promise<Report> {
  if (lambdaRuntimeMissing)
    return {
      rows: [{ name: 'cold start', ours: lambdaRuntimeMissing, against: '', bar: '≤ 1.4' }],
    };

  let arrivals: { line: string; at: number }[] = [];
  const onRequest = (message: unknown) => {
    const { method, url } = started.parse(message).request;
    arrivals.push({ line: `${method} ${url}`, at: performance.now() });
  };

  const coldStarts = ({ dir }: { dir: string }, { event, steps }: Measured) => {
    const totals: number[] = [];
    const durations = steps.map((): number[] => []);
    const run = async () => {
      arrivals = [];
      const lambda = await startLambda({ bundleDir: dir, env });
      const outcome = await lambda.invoke(event());
      totals.push(performance.now() - lambda.startedAt);
      await lambda.stop();
      bodyOf('answer' in outcome ? outcome.answer : outcome);
      let since = lambda.startedAt;
      for (const [index, { until }] of steps.entries()) {
        const at = arrivals.find(({ line }) => until.test(line))?.at ?? since;
        durations[index]?.push(at - since);
        since = at;
      }
    };
    return { run, totals, durations };
  };

  const compared = async (measured: Measured) => ({
    ...measured,
    ours: coldStarts(await bundled(measured.operation), measured),
    plain: coldStarts(await bundledPlainly(measured.bare), measured),
    cutDown: coldStarts(await bundled(measured.bare), measured),
  });
  const functions = [await compared(listing), await compared(changing)];
  const empty = coldStarts(await bundled('test/bench/empty-handler.ts'), listing);
  const libraries = coldStarts(await bundled('test/bench/libraries-handler.ts'), listing);
  const all = [...functions.flatMap(({ ours, plain, cutDown }) => [ours, plain, cutDown]), empty, libraries];
  diagnostics.subscribe('http.server.request.start', onRequest);
  await takeTurns(
    rounds,
    all.map(({ run }) => run),
  );
  diagnostics.unsubscribe('http.server.request.start', onRequest);

  return {
    rows: functions.flatMap(({ name, ours, plain, cutDown }) => {
      const total = median(ours.totals);
      const row = (totals: number[], against: string, bar: string) => ({
        name,
        ours: milliseconds(total),
        against: `${milliseconds(median(totals))}: ${against}`,
        ratio: total / median(totals),
        bar,
      });
      return [
        row(plain.totals, 'bare node:http', '≤ 1.4'),
        row(cutDown.totals, 'bare node:http, bundled as ours', ''),
      ];
    }),
    notes: [
      ...functions.map(({ name, steps, ...ways }) =>
        table(
          [`a ${name} step by step`, 'Switchboard', 'node:http', 'node:http, bundled as ours'],
          steps.map((step, index) => [
            step.name,
            ...[ways.ours, ways.plain, ways.cutDown].map(({ durations }) =>
              milliseconds(median(durations[index] ?? [])),
            ),
          ]),
        ),
      ),
      `Of the first step, an empty handler takes ${milliseconds(median(empty.totals))}, and one that only loads our libraries ${milliseconds(median(libraries.totals))}.`,
    ].join('\n\n'),
  };
}
