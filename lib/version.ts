import manifest from '../package.json' with { type: 'json' };

/** How Switchboard names itself to upstream systems. */
export const userAgent = `switchboard/${manifest.version}`;
