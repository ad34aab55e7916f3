import diagnostics from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { lambdaRuntimeMissing, startLambda } from '../../infra/local/lambda-runtime.ts';
import { bodyOf, bundled, bundledPlainly, listAccessList, listEvent } from './bundled.ts';
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

  const coldStarts = ({ dir }: { dir: string }) => {
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

  const ours = coldStarts(await bundled(listAccessList));
  const plain = coldStarts(await bundledPlainly('test/bench/bare-handler.ts'));
  const cutDown = coldStarts(await bundled('test/bench/bare-handler.ts'));
  const empty = coldStarts(await bundled('test/bench/empty-handler.ts'));
  const libraries = coldStarts(await bundled('test/bench/libraries-handler.ts'));
  const all = [ours, plain, cutDown, empty, libraries];
  diagnostics.subscribe('http.server.request.start', onRequest);
  await takeTurns(
    rounds,
    all.map(({ run }) => run),
  );
  diagnostics.unsubscribe('http.server.request.start', onRequest);

  const total = median(ours.totals);
  const row = (totals: number[], against: string, bar: string) => ({
    name: 'cold start',
    ours: milliseconds(total),
    against: `${milliseconds(median(totals))}: ${against}`,
    ratio: total / median(totals),
    bar,
  });
  const stepRows = steps.map(({ name }, index) => [
    name,
    ...[ours, plain, cutDown].map(({ durations }) => milliseconds(median(durations[index] ?? []))),
  ]);
  const head = ['a cold start step by step', 'Switchboard', 'node:http', 'node:http, bundled as ours'];
  return {
    rows: [
      row(plain.totals, 'bare node:http', '≤ 1.4'),
      row(cutDown.totals, 'bare node:http, bundled as ours', ''),
    ],
    notes: [
      table(head, stepRows),
      `Of the first step, an empty handler takes ${milliseconds(median(empty.totals))}, and one that only loads our libraries ${milliseconds(median(libraries.totals))}.`,
    ].join('\n\n'),
  };
}
