/** Milliseconds after which Lambda ends a function; API Gateway gives up after 30 s. */
export const functionTimeoutMs = 28_000;
