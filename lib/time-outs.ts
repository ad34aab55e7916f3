// Milliseconds, each shorter than the next; infra/limits.ts goes on with Lambda's and API Gateway's, and checks them.

/** What a connection may take to come about, TLS included: the packet that opens it can be lost twice. */
export const connectTimeoutMs = 3_000;

/** What minting a token for all processes may take, in the function that does it. */
export const tokenMintMs = 10_000;

/** How long a call waits for a token, whoever mints it. */
export const tokenWaitMs = 12_000;

/** What an upstream may take to begin its answer, and then for each further piece of it. */
export const answerTimeoutMs = 15_000;

/** What is kept back from Lambda's own time-out, for cleaning up and answering. */
export const reserveMs = 500;
