/** Where npm start listens, as somebody says it; `undefined` where that is no address. */
export const givenAddress = (text: string): string | undefined =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text.replace(/\/+$/, '') : undefined;

/** What to say of a `--url` that is none. */
export const noAddress = (text: string): string =>
  `--url must be where npm start listens, such as http://127.0.0.1:4747, not “${text}”.`;

/** What to say where nothing answers. */
export const noAnswer = (url: string): string => `${url} does not answer. Is npm start running?`;

/** What to say of an answer that Switchboard does not give. */
export const otherAnswer = (url: string): string =>
  `${url} gave an answer that is none of Switchboard's. Is that where npm start listens?`;
