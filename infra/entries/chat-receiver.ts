import { receiver } from '../../lib/chat/receiver.ts';

export const handler = receiver();
