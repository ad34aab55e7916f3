import { operations } from 'switchboard:operations';
import { worker } from '../../lib/chat/worker.ts';

export const handler = worker(operations);
