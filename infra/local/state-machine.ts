import * as z from 'zod';

// Walks a state machine as Step Functions does: just the states, fields and paths that `infra/fan-out-definition.ts`
// uses. Anything else is refused when the definition is read, so that nothing is passed over in silence.

const common = { Comment: z.string().optional(), End: z.literal(true) };

const retrier = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).default(1),
  MaxAttempts: z.int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
});

const path = z.string().regex(/^\$\$?(\.[A-Za-z]+)*$/, 'is no path that is walked here');

const task = z.strictObject({
  ...common,
  Type: z.literal('Task'),
  Resource: z.literal('arn:aws:states:::lambda:invoke'),
  Parameters: z.record(z.string(), z.unknown()),
  OutputPath: path,
  TimeoutSeconds: z.int().min(1),
  Retry: z.array(retrier),
});

const map = z.strictObject({
  ...common,
  Type: z.literal('Map'),
  Label: z.string().max(40),
  ItemsPath: path,
  ItemSelector: z.record(z.string(), z.unknown()),
  MaxConcurrency: z.int().min(1),
  ResultPath: z.null(),
  ToleratedFailurePercentagePath: path,
  ItemProcessor: z.strictObject({
    ProcessorConfig: z.strictObject({ Mode: z.literal('DISTRIBUTED'), ExecutionType: z.literal('STANDARD') }),
    StartAt: z.string(),
    States: z.record(z.string(), task),
  }),
});

const machine = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string(),
  TimeoutSeconds: z.int().min(1),
  States: z.record(z.string(), z.discriminatedUnion('Type', [task, map])),
});

/** A definition that can be walked. */
export type StateMachine = z.output<typeof machine>;
type Task = z.output<typeof task>;
type DistributedMap = z.output<typeof map>;

/** Reads a definition; throws a `ZodError` where it has what is not walked here. */
export const stateMachine = (definition: unknown): StateMachine => machine.parse(definition);

/** How an execution fails: an error's name and more about it. */
export class StateFailed extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** What an execution has to do with the world around it. */
export interface World {
  /** Runs a function and answers its output; throws `StateFailed`. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Keeps an execution of one item of the map; answers how to tell its end, which is `undefined` where it is stopped. */
  begin(label: string, input: unknown): (end: { output: unknown } | StateFailed | undefined) => void;
  /** Waits, before a task is tried again. */
  sleep(ms: number): Promise<void>;
}

/** Walks a definition with an input and answers its output; throws `StateFailed`. */
export async function walk(
  { StartAt, States }: StateMachine,
  input: unknown,
  world: World,
): Promise<unknown> {
  const state = stateAt(States, StartAt);
  return state.Type === 'Map' ? await walkMap(state, input, world) : await runTask(state, input, world);
}

function stateAt<State>(states: Record<string, State>, name: string): State {
  const state = states[name];
  if (!state) throw new StateFailed('States.Runtime', `There is no state ${name}.`);
  return state;
}

/** Works on a few items at a time and begins no more when too many have failed. Its output is its input. */
async function walkMap(map: DistributedMap, input: unknown, world: World): Promise<unknown> {
  const { StartAt, States } = map.ItemProcessor;
  const state = stateAt(States, StartAt);
  const items = z.array(z.unknown()).parse(at(map.ItemsPath, { input }));
  const tolerated = z.number().parse(at(map.ToleratedFailurePercentagePath, { input }));
  const exceeded = Promise.withResolvers<never>();
  const underWay = new Set<(end: undefined) => void>();
  let failures = 0;
  let next = 0;
  let isOver = false;

  const workOn = async (index: number): Promise<void> => {
    const selected = filled(map.ItemSelector, { input, item: items[index] });
    const end = world.begin(map.Label, selected);
    underWay.add(end);
    try {
      const output = await runTask(state, selected, world);
      // What was under way is stopped with the others, whatever it comes to.
      if (isOver) return;
      end({ output });
    } catch (error) {
      if (isOver) return;
      end(asFailure(error));
      failures++;
    }
    underWay.delete(end);
    if ((failures / items.length) * 100 <= tolerated) return;
    isOver = true;
    for (const stop of underWay) stop(undefined);
    exceeded.reject(
      new StateFailed(
        'States.ExceedToleratedFailureThreshold',
        `More than ${tolerated} % of the items failed.`,
      ),
    );
  };
  const work = async (): Promise<void> => {
    for (let index = next++; index < items.length && !isOver; index = next++) await workOn(index);
  };
  await Promise.race([exceeded.promise, Promise.all(Array.from({ length: map.MaxConcurrency }, work))]);
  return input;
}

async function runTask(
  { Parameters, OutputPath, Retry }: Task,
  input: unknown,
  world: World,
): Promise<unknown> {
  const { FunctionName, Payload } = invocation.parse(filled(Parameters, { input }));
  for (let attempt = 1; ; attempt++)
    try {
      return at(OutputPath, { input: { Payload: await world.invoke(FunctionName, Payload) } });
    } catch (error) {
      const { name } = asFailure(error);
      const retrier = Retry.find(({ ErrorEquals }) => ErrorEquals.includes(name));
      if (!retrier || attempt > retrier.MaxAttempts) throw error;
      await world.sleep(retrier.IntervalSeconds * retrier.BackoffRate ** (attempt - 1) * 1_000);
    }
}

const invocation = z.object({ FunctionName: z.string(), Payload: z.unknown() });

const asFailure = (error: unknown): StateFailed =>
  error instanceof StateFailed ? error : new StateFailed('States.Runtime', String(error));

interface Scope {
  input: unknown;
  /** What `$$.Map.Item.Value` is. */
  item?: unknown;
}

/** A template with the values of its paths: members whose names end in `.$`. */
function filled(template: Record<string, unknown>, scope: Scope): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => {
      if (name.endsWith('.$')) return [name.slice(0, -2), at(path.parse(value), scope)];
      const inner = z.record(z.string(), z.unknown()).safeParse(value);
      return [name, inner.success ? filled(inner.data, scope) : value];
    }),
  );
}

/** What is at a path; throws `StateFailed` where there is nothing. */
function at(path: string, { input, item }: Scope): unknown {
  const [root, ...names] = path.split('.');
  let found: unknown = root === '$$' ? { Map: { Item: { Value: item } } } : input;
  for (const name of names) {
    const members = z.record(z.string(), z.unknown()).safeParse(found).data;
    if (!members || !(name in members))
      throw new StateFailed('States.Runtime', `There is nothing at ${path}.`);
    found = members[name];
  }
  return found;
}
