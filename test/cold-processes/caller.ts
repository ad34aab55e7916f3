import { handler } from '../../functions/atlas/list-access-list.ts';
import { localContext } from '../../infra/local/local-context.ts';

// One process of an operation, bundled with it: calls its handler whenever it is sent an event, and says what came of it.

process.on('message', async (event) => {
  process.send?.(await handler(event, localContext('atlas.listAccessList')));
});
