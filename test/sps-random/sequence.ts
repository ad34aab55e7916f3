import fc from 'fast-check';
import type { SpsFault } from '../../infra/local/simulators/sps.ts';
import { type Change, change } from './change.ts';

/** What a caller does, over the first or the second connection. */
export interface Ask {
  connection: 0 | 1;
  /** Milliseconds that Lambda leaves for it. */
  remainingMs: number;
  /** Each has what is asked for: a read, a change, a look at a change, a change that was looked at too long ago. */
  what:
    | { read: 'getSystemAlerts' | 'getTrafficAlerts' | 'getSnmpTrap' | 'getSnmpAgent' }
    | { change: Change }
    | { dryRun: Change }
    | { stale: Change };
}

/** What goes wrong or happens besides, at a request to the appliance. */
export interface Trouble {
  /** How many requests, of those that it is for, pass before. */
  skip: number;
  times: number;
  on: keyof typeof requests;
  kind:
    | { fault: SpsFault }
    | { meanwhile: 'session ends' }
    | { meanwhile: 'colleague commits'; change: Change }
    | { meanwhile: 'colleague locks'; ms: number };
}

export interface Sequence {
  settings: {
    lockMode: 'exclusive' | 'optimistic';
    changesGranularity: 'object' | 'leaf';
    implicitOpen: boolean;
    requireCommitMessage: boolean;
    lockedStatus: number;
    putStatus: number | undefined;
  };
  /** Those of one round ask at the same time; the rounds come one after the other. */
  rounds: Ask[][];
  troubles: Trouble[];
}

export const requests = {
  any: /./,
  login: /^GET \/api\/authentication$/,
  read: /^GET \/api\/configuration/,
  open: /^POST \/api\/transaction$/,
  write: /^PUT \/api\/configuration/,
  password: /^POST \/api\/configuration/,
  status: /^GET \/api\/transaction$/,
  changes: /^GET \/api\/transaction\/changes$/,
  commit: /^PUT \/api\/transaction$/,
  rollBack: /^DELETE /,
};

const what = fc.oneof(
  { weight: 6, arbitrary: fc.record({ change }) },
  { weight: 1, arbitrary: change.map((dryRun) => ({ dryRun })) },
  { weight: 1, arbitrary: change.map((stale) => ({ stale })) },
  {
    weight: 2,
    arbitrary: fc.record({
      read: fc.constantFrom('getSystemAlerts', 'getTrafficAlerts', 'getSnmpTrap', 'getSnmpAgent'),
    }),
  },
);

const roundsOf = (remainingMs: fc.Arbitrary<number>) =>
  fc.array(
    fc.array(fc.record({ connection: fc.constantFrom(0, 1), remainingMs, what }), {
      minLength: 1,
      maxLength: 3,
      size: 'max',
    }),
    { minLength: 1, maxLength: 2, size: 'max' },
  );

/** More than any call needs. */
export const ampleMs = 30_000;
const ample = fc.constant(ampleMs);
const short = fc.integer({ min: 550, max: 1_600 });

const faults = fc.constantFrom<SpsFault[]>(
  { reset: true },
  { lost: true },
  { truncated: true },
  { body: '' },
  { html: 500 },
  { html: 502 },
  { html: 503 },
  { status: 500 },
  { replaced: { status: 500 } },
  { replaced: { status: 503, body: '' } },
  { lateMs: 60 },
  // Of a proxy's, or of an SPS that we do not know: done or not.
  ...[302, 403, 404, 409, 418].flatMap((status): SpsFault[] => [{ status }, { replaced: { status } }]),
  { html: 200 },
);
/** Those that take all the time there is. */
const slowFaults = fc.constantFrom<SpsFault[]>({ silent: true }, { lateMs: 700 });

const troubleOf = (faults: fc.Arbitrary<SpsFault>) =>
  fc.record({
    skip: fc.integer({ min: 0, max: 8 }),
    times: fc.constantFrom(1, 1, 1, 2, 4),
    on: fc.constantFrom<Trouble['on'][]>(
      'any',
      'any',
      'any',
      'login',
      'read',
      'open',
      'write',
      'password',
      'status',
      'changes',
      'commit',
      'commit',
      'rollBack',
    ),
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.record({ fault: faults }) },
      { weight: 1, arbitrary: fc.constant({ meanwhile: 'session ends' as const }) },
      {
        weight: 2,
        arbitrary: fc.record({ meanwhile: fc.constant('colleague commits' as const), change: quiet }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          meanwhile: fc.constant('colleague locks' as const),
          ms: fc.integer({ min: 20, max: 600 }),
        }),
      },
    ),
  });

/** A colleague's change creates no passwords. */
const quiet = change.filter(({ operation }) => operation.startsWith('toggle'));

const troublesOf = (faults: fc.Arbitrary<SpsFault>, maxLength: number) =>
  fc.array(troubleOf(faults), { minLength: 1, maxLength, size: 'max' });

/** Most have nothing go wrong, some one thing, a few a lot; where answers may not come, callers have little time. */
const course = fc.oneof(
  { weight: 55, arbitrary: fc.record({ rounds: roundsOf(ample), troubles: fc.constant<Trouble[]>([]) }) },
  { weight: 25, arbitrary: fc.record({ rounds: roundsOf(ample), troubles: troublesOf(faults, 1) }) },
  { weight: 8, arbitrary: fc.record({ rounds: roundsOf(ample), troubles: troublesOf(faults, 6) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      rounds: roundsOf(
        fc.oneof(
          short,
          ample.map(() => 2_500),
        ),
      ),
      troubles: troublesOf(fc.oneof(faults, slowFaults), 4),
    }),
  },
);

export const sequence: fc.Arbitrary<Sequence> = fc
  .record({
    settings: fc.record({
      lockMode: fc.constantFrom('exclusive', 'optimistic'),
      changesGranularity: fc.constantFrom('object', 'leaf'),
      implicitOpen: fc.boolean(),
      requireCommitMessage: fc.boolean(),
      lockedStatus: fc.constantFrom(409, 423, 403, 503),
      putStatus: fc.constantFrom(undefined, 200, 201, 204),
    }),
    course,
  })
  .map(({ settings, course }) => ({ settings, ...course }));
