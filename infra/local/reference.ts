import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Switchboard API</title>
    <link rel="stylesheet" href="/reference/swagger-ui.css">
    <link rel="icon" type="image/png" href="/reference/favicon-32x32.png">
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

const files: Record<string, { type: string; read(): Promise<string | Buffer> }> = {
  '/': { type: 'text/html; charset=utf-8', read: async () => page },
  '/reference/start.js': { type: 'text/javascript', read: async () => start },
  ...Object.fromEntries(
    [
      ['swagger-ui.css', 'text/css'] as const,
      ['swagger-ui-bundle.js', 'text/javascript'] as const,
      ['favicon-32x32.png', 'image/png'] as const,
    ].map(([name, type]) => [`/reference/${name}`, { type, read: () => readFile(join(swaggerUi, name)) }]),
  ),
};

/** A file of the API reference, with its headers: everything the page needs comes from here. */
export async function referenceFile(path: string) {
  const file = files[path];
  if (!file) return undefined;
  return {
    headers: {
      'content-type': file.type,
      'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    },
    body: await file.read(),
  };
}
