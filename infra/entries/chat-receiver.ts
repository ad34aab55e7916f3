import { answeringFirst } from '../../lib/after-answer.ts';
import { receiver } from '../../lib/chat/receiver.ts';

export const handler = await answeringFirst(receiver());
