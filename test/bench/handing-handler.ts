import { Deadline } from '../../lib/deadline.ts';
import { invokeLater } from '../../lib/lambda.ts';

/** What acknowledging later work cannot do without: having Lambda promise it. */
export const handler = async () => {
  using deadline = new Deadline(2_500);
  await invokeLater('switchboard-chat-worker', { kind: 'command', text: 'errors list' }, deadline);
  return { statusCode: 200, headers: {}, body: '{}' };
};
