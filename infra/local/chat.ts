import { createInterface, type Interface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { fromJson } from '../../lib/json.ts';
import { chatRoutes } from '../routes.ts';
import { givenAddress, noAddress, noAnswer, otherAnswer } from './given-address.ts';
import { demo } from './simulators/slack.ts';
import { commandForm, pressForm, type SlackUser, signed } from './slack-client.ts';
import { asText, buttonsOf } from './slack-message.ts';
import { startSlackPosts } from './slack-posts.ts';

const users = new Map(Object.entries(demo.users));

const usage = `Usage: npm run chat -- "/ops <command>" [--as <user>] [--press [<user>:]<number>]… [--url <url>]

  "/ops help"         what the user may do
  --as <user>         who says it: ${[...users].map(([id, name]) => `${id} (${name})`).join(', ')}; U1 unless given
  --press 1           presses that button of the answer; U2:1 presses it as another user. May be given again.
  --url <url>         where npm start listens (http://127.0.0.1:4747)

In a terminal, it asks what to press.
`;

/** What can be wrong with the command line, or with what it is sent to, for people. */
class ChatError extends Error {}

const spoken = z.object({ text: z.string() });

try {
  await chat();
} catch (error) {
  if (!(error instanceof ChatError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function chat(): Promise<void> {
  const { command, asker, presses, url, help } = readOptions();
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const posts = await startSlackPosts();
  const terminal = process.stdin.isTTY && presses.length === 0 ? prompt() : undefined;
  try {
    await send(url, chatRoutes[0], commandForm(command, asker, posts.responseUrl));
    const answered = () =>
      posts.next().catch((error: Error) => {
        throw new ChatError(error.message);
      });
    let shown = await answered();
    process.stdout.write(`${asText(shown)}\n`);
    for (;;) {
      const buttons = buttonsOf(shown);
      const pressed = presses.shift() ?? (buttons.length > 0 && terminal ? await ask(terminal) : '');
      if (!pressed) return;
      const { user, number } = pressOf(pressed, asker);
      const button = buttons[number - 1];
      if (!button) throw new ChatError(`There is no button ${number}.`);
      process.stdout.write(`\n@${user.id} (${user.name}) presses ${button.text.text}\n`);
      await send(url, chatRoutes[1], pressForm(button, user, posts.responseUrl));
      const next = await answered();
      process.stdout.write(`${asText(next)}\n`);
      // What replaces nothing stands beside the buttons, which can still be pressed.
      if (next.replace_original) shown = next;
    }
  } finally {
    terminal?.close();
    await posts.close();
  }
}

// Declared, not assigned: what is above runs before these lines.
function prompt() {
  return createInterface({ input: process.stdin, output: process.stdout });
}

/** What is to be pressed; nothing where Ctrl-C or Ctrl-D is the answer. */
async function ask(terminal: Interface): Promise<string> {
  try {
    return await terminal.question('Press (number, or user:number; nothing ends): ');
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    process.stdout.write('\n');
    return '';
  }
}

async function send(url: string, path: string, form: string): Promise<void> {
  const { headers, body } = signed(form, demo.secret.signingSecret);
  const response = await fetch(url + path, { method: 'POST', headers, body }).catch(() => {
    throw new ChatError(noAnswer(url));
  });
  const text = await response.text();
  if (response.status === 404 || response.status === 401)
    throw new ChatError(
      `${url} takes no chat from here (${response.status}). Is it npm start, and without a connections file? With one, Slack itself chats.`,
    );
  if (response.status !== 200)
    throw new ChatError(`It answered ${response.status}: ${text.slice(0, 2_000) || 'nothing'}`);
  if (text === '') return;
  const said = spoken.safeParse(fromJson(text)).data;
  if (!said) throw new ChatError(otherAnswer(url));
  process.stdout.write(`${said.text}\n`);
}

function readOptions() {
  const { values, positionals } = parsed();
  const [command, ...others] = positionals;
  const isCommand = command !== undefined && others.length === 0 && /^\/ops\b/.test(command);
  if (!isCommand && !values.help) throw new ChatError(usage);
  const url = givenAddress(values.url);
  if (url === undefined) throw new ChatError(noAddress(values.url));
  return {
    help: values.help,
    command: command?.replace(/^\/ops\s*/, '') ?? '',
    asker: userNamed(values.as),
    presses: values.press,
    url,
  };
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        as: { type: 'string', default: 'U1' },
        press: { type: 'string', multiple: true, default: [] },
        url: { type: 'string', default: 'http://127.0.0.1:4747' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    if (error instanceof TypeError) throw new ChatError(`${error.message}\n\n${usage}`);
    throw error;
  }
}

function userNamed(id: string): SlackUser {
  const name = users.get(id);
  if (name === undefined)
    throw new ChatError(`There is no user ${id}; there are ${[...users.keys()].join(', ')}.`);
  return { id, name };
}

function pressOf(text: string, asker: SlackUser): { user: SlackUser; number: number } {
  const [, id, number] = /^(?:(\w+):)?(\d+)$/.exec(text.trim()) ?? [];
  if (number === undefined) throw new ChatError(`“${text}” is no button; write 1, or U2:1.`);
  return { user: id === undefined ? asker : userNamed(id), number: Number(number) };
}
