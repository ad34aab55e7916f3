import * as z from 'zod';

const text = z.object({ text: z.string() });

const button = z.object({ action_id: z.string(), text, value: z.string() });

export type ShownButton = z.output<typeof button>;

/** What is posted to Slack, as far as it is shown. */
export const slackMessage = z.object({
  response_type: z.enum(['ephemeral', 'in_channel']),
  replace_original: z.boolean().optional(),
  text: z.string(),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('section'), text }),
        z.object({ type: z.literal('context'), elements: z.array(text) }),
        z.object({ type: z.literal('actions'), elements: z.array(button) }),
      ]),
    )
    .default([]),
});

export type SlackMessage = z.output<typeof slackMessage>;

/** The buttons of a message, in their order. */
export const buttonsOf = ({ blocks }: SlackMessage): ShownButton[] =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));

/** What Slack would show of a message, as text. The buttons are numbered. */
export function asText(message: SlackMessage): string {
  const { response_type, blocks, text } = message;
  let number = 0;
  const parts = blocks.map((block) => {
    if (block.type === 'section') return plain(block.text.text);
    if (block.type === 'context')
      return block.elements.map((element) => `  ${plain(element.text)}`).join('\n');
    return block.elements.map((element) => `[${++number}] ${element.text.text}`).join('  ');
  });
  const audience = response_type === 'ephemeral' ? 'only you see this' : 'everybody here sees this';
  return [`(${audience})`, ...(parts.length > 0 ? parts : [plain(text)])].join('\n');
}

/** Mark-up as it looks: fences and stars do not show, and escapes are what they stand for. */
const plain = (mrkdwn: string): string =>
  mrkdwn
    .replaceAll('```\n', '')
    .replaceAll('\n```', '')
    // Inside backticks, stars are stars.
    .replace(/`[^`\n]*`|\*([^*`\n]+)\*/g, (whole, bold?: string) => bold ?? whole)
    .replace(/<@(\w+)>/g, '@$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
