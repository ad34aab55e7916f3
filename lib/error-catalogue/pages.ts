import type { Language } from '../language.ts';
import type { ExplainedError } from './explained.ts';

// The catalogue as people read it. No script, and nothing from elsewhere.

const words = {
  en: {
    catalogue: 'Error catalogue',
    all: 'All errors',
    remedy: 'What to do',
    status: 'HTTP status',
    unknown: 'not documented',
    former: 'Former name',
    parameters: 'Parameters',
    again: 'Trying again',
    origin: 'Named by',
    origins: { switchboard: 'Switchboard', mongodb: 'the APIs of MongoDB Ops Manager and Atlas' },
    retry: {
      never: 'No use: this is not on offer, or is done already.',
      afterWaiting: 'Helps after a while, with nothing changed.',
      afterRequestChange: 'Helps once the request is another.',
      afterSystemChange: 'Helps once something has changed in the system itself.',
      afterAccessChange: 'Helps once a role, a key or an access list has changed.',
    },
  },
  'pt-BR': {
    catalogue: 'Catálogo de erros',
    all: 'Todos os erros',
    remedy: 'O que fazer',
    status: 'Status HTTP',
    unknown: 'não documentado',
    former: 'Nome anterior',
    parameters: 'Parâmetros',
    again: 'Tentar de novo',
    origin: 'Quem o nomeia',
    origins: { switchboard: 'o Switchboard', mongodb: 'as APIs do MongoDB Ops Manager e do Atlas' },
    retry: {
      never: 'Não adianta: isto não existe, ou já está feito.',
      afterWaiting: 'Adianta depois de um tempo, sem mudar nada.',
      afterRequestChange: 'Adianta quando a requisição for outra.',
      afterSystemChange: 'Adianta quando algo mudar no próprio sistema.',
      afterAccessChange: 'Adianta quando um papel, uma chave ou uma lista de acesso mudar.',
    },
  },
};

/** One error, explained. */
export function errorPage(error: ExplainedError, language: Language): string {
  const word = words[language];
  const { title, message, remedy } = error[language];
  const retry: Record<string, string> = word.retry;
  const facts: [string, string | undefined][] = [
    [
      word.status,
      String(error.status ?? word.unknown) + (error.atlasStatus ? ` (Atlas: ${error.atlasStatus})` : ''),
    ],
    [word.again, retry[error.retry]],
    [word.parameters, error.parameters.join(', ') || undefined],
    [word.former, error.formerCode],
    [word.origin, word.origins[error.origin]],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`],
  );
  return page(
    language,
    error.code,
    `<p><a href="/errors">${word.all}</a></p>
<h1><code>${escaped(error.code)}</code></h1>
<p class="title">${escaped(title)}</p>
<p>${withParameters(message)}</p>
<h2>${word.remedy}</h2>
<p>${withParameters(remedy)}</p>
<dl>${rows.join('')}</dl>`,
  );
}

/** All errors, each with what it means. */
export function errorsPage(errors: { code: string; message: string }[], language: Language): string {
  const { catalogue } = words[language];
  const rows = errors.map(
    ({ code, message }) =>
      `<tr><td><a href="/errors/${code}"><code>${escaped(code)}</code></a></td><td>${withParameters(message)}</td></tr>`,
  );
  return page(language, catalogue, `<h1>${catalogue}</h1>\n<table>${rows.join('\n')}</table>`);
}

const page = (language: Language, title: string, body: string): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Switchboard</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; margin-bottom: 0; }
h2 { font-size: 1.1rem; }
.title { margin-top: 0; opacity: 0.7; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
td { vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
var { font-style: italic; opacity: 0.8; }
</style>
</head>
<body>
${body}
</body>
</html>
`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);

const withParameters = (text: string): string => escaped(text).replace(/\{(\w+)\}/g, '<var>$1</var>');
