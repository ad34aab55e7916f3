import diagnostics from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { lambdaRuntimeMissing, startLambda } from '../../infra/local/lambda-runtime.ts';
import { bodyOf, bundled, listAccessList, listEvent } from './bundled.ts';
import { milliseconds, type Report, table } from './report.ts';
import type { Simulators } from './simulators.ts';
import { median, takeTurns } from './turns.ts';

const rounds = 25;

/** From one request that a starting function makes to the next: what lies between is told apart by them. */
const steps: { name: string; until: RegExp }[] = [
  { name: 'start Node and the runtime client, evaluate the bundle', until: /^GET .*\/next$/ },
  { name: 'take the event, ask for the secret', until: /^POST \/$/ },
  { name: 'take the secret, ask for a token', until: /^POST .*\/token$/ },
  { name: 'take the token, ask for the list', until: /^GET .*\/accessList\?/ },
  { name: 'take the list, answer', until: /^POST .*\/response$/ },
];

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

  const coldStarts = async (entryFile: string) => {
    const { dir } = await bundled(entryFile);
    const totals: number[] = [];
    const durations = steps.map((): number[] => []);
    const run = async () => {
      arrivals = [];
      const lambda = await startLambda({ bundleDir: dir, env });
      const outcome = await lambda.invoke(listEvent('near'));
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

  const ours = await coldStarts(listAccessList);
  const bare = await coldStarts('test/bench/bare-handler.ts');
  const empty = await coldStarts('test/bench/empty-handler.ts');
  diagnostics.subscribe('http.server.request.start', onRequest);
  await takeTurns(
    rounds,
    [ours, bare, empty].map(({ run }) => run),
  );
  diagnostics.unsubscribe('http.server.request.start', onRequest);

  const [total, bareTotal, floor] = [median(ours.totals), median(bare.totals), median(empty.totals)];
  const stepRows = steps.map(({ name }, index) => [
    name,
    ...[ours, bare].map(({ durations }) => milliseconds(median(durations[index] ?? []))),
  ]);
  return {
    rows: [
      {
        name: 'cold start',
        ours: milliseconds(total),
        against: `${milliseconds(bareTotal)}: bare node:http`,
        ratio: total / bareTotal,
        bar: '≤ 1.4',
      },
    ],
    notes: `A cold start step by step (an empty handler answers after ${milliseconds(floor)}):\n\n${table(['', 'Switchboard', 'bare node:http'], stepRows)}`,
  };
}
