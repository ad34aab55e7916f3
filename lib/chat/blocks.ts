// Slack's Block Kit, as far as it is used: https://docs.slack.dev/reference/block-kit/blocks

interface Text {
  type: 'mrkdwn' | 'plain_text';
  text: string;
}

export interface Button {
  type: 'button';
  action_id: string;
  text: Text;
  value: string;
  style?: 'primary' | 'danger';
}

export type Block =
  | { type: 'section'; text: Text }
  | { type: 'context'; elements: Text[] }
  | { type: 'actions'; elements: Button[] };

/** What is posted to a `response_url`. */
export interface Message {
  response_type: 'ephemeral' | 'in_channel';
  replace_original: boolean;
  /** For notifications, and for clients that show no blocks. */
  text: string;
  blocks: Block[];
}

const mostBlocks = 50;
const mostCharacters = 3_000;
/** The most that a button can carry. */
export const mostButtonValue = 2_000;
const widestColumn = 72;

/** Text as Slack takes it: what has a meaning of its own to Slack is escaped. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Mark-up of our own in which values are escaped: `` mrkdwn`*${name}* is on` ``. */
export const mrkdwn = (strings: TemplateStringsArray, ...values: string[]): string =>
  String.raw({ raw: strings }, ...values.map(escaped));

/** A paragraph of mark-up; cut where it is too long, between lines if there are any. */
export const section = (text: string): Block => ({
  type: 'section',
  text: { type: 'mrkdwn', text: cut(text) },
});

/** A line in small print. */
export const context = (text: string): Block => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: cut(text) }],
});

export const actions = (...elements: Button[]): Block => ({ type: 'actions', elements });

export const button = (
  action: string,
  label: string,
  value: string,
  style?: 'primary' | 'danger',
): Button => ({
  type: 'button',
  action_id: action,
  text: { type: 'plain_text', text: label },
  value,
  ...(style && { style }),
});

/** Rows under a head, in columns of one width, as many as a block holds; the rest is counted. */
export function table(head: string[], rows: string[][]): Block[] {
  const shown = [head, ...rows].map((row) => row.map(cellOf));
  const widths = head.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map((row) =>
    escaped(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).trimEnd(),
  );
  let length = 0;
  const fitting = lines.filter((line) => {
    length += line.length + 1;
    return length < mostCharacters - 10;
  });
  const left = lines.length - fitting.length;
  return [
    section(`\`\`\`\n${fitting.join('\n')}\n\`\`\``),
    ...(left > 0 ? [context(`… and ${left} more.`)] : []),
  ];
}

/** A list of lines of mark-up, as many as a block holds; the rest is counted. */
export function lines(all: string[]): Block[] {
  let length = 0;
  const fitting = all.filter((line) => {
    length += line.length + 1;
    return length < mostCharacters;
  });
  const left = all.length - fitting.length;
  return [
    ...(fitting.length > 0 ? [section(fitting.join('\n'))] : []),
    ...(left > 0 ? [context(`… and ${left} more.`)] : []),
  ];
}

/** A message of blocks, no more of them than Slack takes. What can be pressed stays. */
export function message(
  blocks: Block[],
  { inChannel = false, replaces = false }: { inChannel?: boolean; replaces?: boolean } = {},
): Message {
  const last = blocks.at(-1);
  const fitting =
    blocks.length <= mostBlocks || !last
      ? blocks
      : [
          ...blocks.slice(0, mostBlocks - 2),
          context(`… and ${blocks.length - mostBlocks + 1} parts more.`),
          last,
        ];
  const first = fitting[0];
  return {
    response_type: inChannel ? 'in_channel' : 'ephemeral',
    replace_original: replaces,
    text: first?.type === 'section' ? first.text.text : 'Switchboard',
    blocks: fitting,
  };
}

/** A value for one cell: on one line, not wider than a column, and no end of the table. */
function cellOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('```', "'''");
  return line.length > widestColumn ? `${line.slice(0, widestColumn - 1)}…` : line;
}

function cut(text: string): string {
  if (text.length <= mostCharacters) return text;
  // An escape cut in two would be shown as what it is.
  return `${text.slice(0, mostCharacters - 1).replace(/&[a-z]*$/, '')}…`;
}
