import { handler } from '../../functions/atlas/list-access-list.ts';
import { localContext } from '../../infra/local/local-context.ts';

// One process of an operation, bundled with it: calls its handler whenever it is sent an event, and says what came of it.
// A call always has all the time there is: where many processes share a processor, each takes as long as it takes.

process.on('message', async (event) => {
  const context = localContext('atlas.listAccessList');
  const left = context.getRemainingTimeInMillis();
  process.send?.(await handler(event, { ...context, getRemainingTimeInMillis: () => left }));
});
