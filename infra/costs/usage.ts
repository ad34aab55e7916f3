/** What a call is taken to be like. */
export const usage = {
  /** Seconds that a call takes, most of them spent waiting for the upstream, at the memory of infra/bundled-function.ts. */
  seconds: 0.5,
  gigabytes: 0.5,
  /** Kilobytes of log that a call leaves, with the line of the access log. */
  logKilobytes: 2.5,
  /** Months that logs are kept. */
  logMonths: 3,
  /** Of all calls, how many change something, and so leave two records of the audit. */
  changes: 0.1,
  /** Of all calls, how many start a process, which reads its secret. */
  coldStarts: 0.05,
  /** Of all calls, how many are begun by a schedule or for one that is to be put back. */
  scheduled: 0.1,
  /** Of all calls, how many are runs of a fan-out, of four state transitions each. */
  fannedOut: 0.05,
  /** Kilobytes of a record of the audit. */
  auditKilobytes: 1,
  /** Codes of problems that occur in a month. */
  problemCodes: 10,
  /** Alarms that go off in a month. */
  alarmsRung: 20,
} as const;
