const titles: Record<string, string> = {
  atlas: 'Atlas',
  opsManager: 'Ops Manager',
  sps: 'SPS',
  chat: 'Slack',
};

/** A system's name as people say it, for sentences. */
export const titleOf = (system: string): string => titles[system] ?? system;
