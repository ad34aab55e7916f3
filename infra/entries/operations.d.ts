/** Every operation, as `infra/bundle.ts` puts them into a bundle. */
declare module 'switchboard:operations' {
  export const operations: import('../../lib/operation.ts').Operation[];
}
