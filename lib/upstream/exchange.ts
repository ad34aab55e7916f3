import type { Dispatcher, Pool } from 'undici';

/** An answer as it came. */
interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/**
 * Sends one request and reads the whole answer. Rejects with undici's error where none comes, and with the signal's
 * reason where it aborts first.
 *
 * undici's own `request` makes a stream of every body; nothing here reads one piece by piece.
 */
export async function exchange(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const answer: Omit<Answer, 'body'> = { status: 0, headers: {} };
  const chunks: Buffer[] = [];
  let controller: Dispatcher.DispatchController | undefined;

  const abort = () => {
    controller?.abort(signal?.reason);
    reject(signal?.reason);
  };
  signal?.addEventListener('abort', abort);
  try {
    pool.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // It was waiting for a connection when the signal came.
        if (signal?.aborted) abort();
      },
      onResponseStart(_controller, status, headers) {
        Object.assign(answer, { status, headers });
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        resolve({ ...answer, body: Buffer.concat(chunks) });
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    });
    return await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
