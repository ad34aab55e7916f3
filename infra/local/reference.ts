import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Response } from './simulators/listen.ts';

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Switchboard API</title>
    <link rel="stylesheet" href="/reference/swagger-ui.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/reference/swagger-ui-bundle.js"></script>
    <script src="/reference/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

const asset = (name: string) => readFile(join(swaggerUi, name), 'utf8');

const files: Record<string, { type: string; read(): string | Promise<string> }> = {
  '/': { type: 'text/html; charset=utf-8', read: () => page },
  '/reference/start.js': { type: 'text/javascript', read: () => start },
  '/reference/swagger-ui.css': { type: 'text/css', read: () => asset('swagger-ui.css') },
  '/reference/swagger-ui-bundle.js': { type: 'text/javascript', read: () => asset('swagger-ui-bundle.js') },
};

/** A file of the API reference; everything that the page needs comes from here. */
export async function referenceFile(path: string): Promise<Response | undefined> {
  const file = files[path];
  if (!file) return undefined;
  return {
    status: 200,
    headers: {
      'content-type': file.type,
      'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    },
    body: await file.read(),
  };
}
