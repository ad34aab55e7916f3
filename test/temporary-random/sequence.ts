import fc from 'fast-check';

/** Where switches are, and which there are: few, so that callers meet each other's changes. */
export const places = {
  systemAlerts: ['xcbDiskFull.email', 'xcbDiskFull.snmp', 'xcbLogin.email'],
  trafficAlerts: ['scbCredStoreClosed.email', 'scbAuthFailure.snmp'],
  alertConfigs: ['0', '1', '2'],
} as const;

export type Place = keyof typeof places;

/** What one caller does. */
export type Ask =
  /** `seconds` is there where it is for a while. */
  | { set: Record<string, boolean>; in: Place; seconds: number | undefined }
  | { restoreNow: Place; only: string | undefined }
  | { pass: number };

const placeNames = fc.constantFrom<Place[]>('systemAlerts', 'trafficAlerts', 'alertConfigs');

const seconds = fc.oneof(fc.integer({ min: 60, max: 600 }), fc.constantFrom(60, 3_600, 7_200, 31 * 86_400));

const set = placeNames.chain((place) =>
  fc.record({
    in: fc.constant(place),
    set: fc.dictionary(fc.constantFrom(...places[place]), fc.boolean(), {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    }),
    seconds: fc.option(seconds, { nil: undefined, freq: 2 }),
  }),
);

const restoreNow = placeNames.chain((place) =>
  fc.record({
    restoreNow: fc.constant(place),
    only: fc.option(fc.constantFrom(...places[place]), { nil: undefined }),
  }),
);

const pass = fc.record({
  pass: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(60, 3_600, 7_200)),
});

const ask: fc.Arbitrary<Ask> = fc.oneof(
  { weight: 7, arbitrary: set },
  { weight: 1, arbitrary: restoreNow },
  { weight: 2, arbitrary: pass },
);

/** Those of one round ask at the same time; the rounds come one after the other. */
export const sequence: fc.Arbitrary<Ask[][]> = fc.array(
  fc.array(ask, { minLength: 1, maxLength: 3, size: 'max' }),
  { minLength: 1, maxLength: 6, size: 'max' },
);
