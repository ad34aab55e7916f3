import * as z from 'zod';
import { fromJson } from '../json.ts';
import { Problem, type ProblemKind } from './problem.ts';

// How a function ends that tells of no problem itself: Lambda says what it saw of it, or that it never ran.

export const functionTimedOutKind: ProblemKind = {
  code: 'FUNCTION_TIMED_OUT',
  status: 504,
  retry: 'afterWaiting',
  retryAfter: 30,
  en: {
    title: 'Ended by its time-out',
    message: 'Lambda ended {function} because its time was over{said}.',
    remedy:
      'It may have done part of its work: check before you try again. If it stays, its log says where the time goes.',
  },
  'pt-BR': {
    title: 'Encerrada pelo tempo limite',
    message: 'O Lambda encerrou {function} porque o tempo dela acabou{said}.',
    remedy:
      'O que ela fazia pode estar feito em parte: olhe antes de tentar de novo. Se continuar, o log dela diz para onde vai o tempo.',
  },
};

export const functionOutOfMemoryKind: ProblemKind = {
  code: 'FUNCTION_OUT_OF_MEMORY',
  status: 502,
  retry: 'never',
  en: {
    title: 'Out of memory',
    message: 'Lambda killed {function}, most likely because it used more memory than it has{said}.',
    remedy:
      'It may have done part of its work: check before you try again. Ask for less at once, or give the function more memory.',
  },
  'pt-BR': {
    title: 'Sem memória',
    message: 'O Lambda matou {function}, provavelmente porque usou mais memória do que tem{said}.',
    remedy:
      'O que ela fazia pode estar feito em parte: olhe antes de tentar de novo. Peça menos de uma vez, ou dê mais memória à função.',
  },
};

export const functionNotStartedKind: ProblemKind = {
  code: 'FUNCTION_NOT_STARTED',
  status: 502,
  retry: 'never',
  en: {
    title: 'Function does not start',
    message: '{function} could not be started, so nothing was done{said}.',
    remedy: 'Its log says why. Deploy again, or go back to the previous version.',
  },
  'pt-BR': {
    title: 'A função não inicia',
    message: '{function} não pôde ser iniciada, e nada foi feito{said}.',
    remedy: 'O log dela diz por quê. Implante de novo, ou volte à versão anterior.',
  },
};

export const functionAnswerTooLargeKind: ProblemKind = {
  code: 'FUNCTION_ANSWER_TOO_LARGE',
  status: 502,
  retry: 'afterRequestChange',
  en: {
    title: 'Answer too large',
    message: '{function} did its work, but its answer is larger than Lambda passes on (6 MB).',
    remedy: 'Ask for a page instead of everything.',
  },
  'pt-BR': {
    title: 'Resposta grande demais',
    message: '{function} fez o trabalho, mas a resposta é maior do que o Lambda repassa (6 MB).',
    remedy: 'Peça uma página em vez de tudo.',
  },
};

export const functionCrashedKind: ProblemKind = {
  code: 'FUNCTION_CRASHED',
  status: 502,
  retry: 'never',
  en: {
    title: 'Function crashed',
    message: '{function} stopped in the middle of its work and reported nothing{said}.',
    remedy:
      'It may have done part of its work: check before you try again. Its log says more; please report it.',
  },
  'pt-BR': {
    title: 'A função caiu',
    message: '{function} terminou no meio, e não disse nada do trabalho{said}.',
    remedy:
      'O que ela fazia pode estar feito em parte: olhe antes de tentar de novo. O log dela diz mais; relate o erro.',
  },
};

export const functionNeverRunKind: ProblemKind = {
  code: 'FUNCTION_NEVER_RUN',
  status: 503,
  retry: 'afterWaiting',
  retryAfter: 60,
  en: {
    title: 'Never run',
    message:
      'Lambda gave up before {function} was run, because it had waited for too long. Nothing was done.',
    remedy: 'Try again. If it stays, too much runs at once: look at the concurrency of the function.',
  },
  'pt-BR': {
    title: 'Nunca executada',
    message: 'O Lambda desistiu antes de executar {function}, porque esperou demais. Nada foi feito.',
    remedy: 'Tente de novo. Se continuar, muita coisa roda ao mesmo tempo: veja a concorrência da função.',
  },
};

const failure = z.object({
  errorType: z.string().optional().catch(undefined),
  errorMessage: z.string().optional().catch(undefined),
});

const kinds: [kind: ProblemKind, shownBy: RegExp][] = [
  [functionTimedOutKind, /Sandbox\.Timedout|Task timed out/],
  [functionOutOfMemoryKind, /OutOfMemory|signal: killed|heap out of memory/],
  [functionAnswerTooLargeKind, /Function\.ResponseSizeTooLarge/],
  [
    functionNotStartedKind,
    /Runtime\.(ImportModuleError|HandlerNotFound|UserCodeSyntaxError|MalformedHandlerName|InvalidEntrypoint|InvalidWorkingDir|InitError)|Extension\.|Init(Error|Timeout)/,
  ],
];

// Lambda's own words; what else a message holds, may be anything.
const lambdasWords =
  /Task timed out after [\d.]+ seconds|Runtime exited (?:with error: (?:exit status \d+|signal: [\w ]+)|without providing a reason)|Process exited before completing request/;

const told = z.looseObject({ code: z.string() });

/** The problem that an operation tells of as it fails, which Lambda hands on as JSON in the message of its error. */
export const problemTold = (failed: unknown) =>
  told.safeParse(fromJson(failure.safeParse(failed).data?.errorMessage ?? '')).data;

/** How a function ended that told of no problem itself, by what Lambda tells of it, which may be anything or nothing. */
export function functionFailure(functionName: string, told: unknown): Problem {
  const { errorType, errorMessage = '' } =
    failure.safeParse(typeof told === 'string' ? { errorMessage: told } : told).data ?? {};
  const said = lambdasWords.exec(errorMessage)?.[0];
  const [kind = functionCrashedKind] =
    kinds.find(([, shownBy]) => shownBy.test(`${errorType} ${said ?? ''}`)) ?? [];
  // Other names are those of errors in JavaScript, and of nobody's catalogue.
  const code = /^(Runtime|Sandbox|Function|Extension)\.\w{1,50}$/.exec(errorType ?? '')?.[0];
  return new Problem(
    kind,
    { function: functionName, said: said === undefined ? '' : `: ${said}` },
    { ...(code !== undefined && { code }) },
  );
}

/** Lambda gave up before it ran a function; the condition is its own word for why. */
export const functionNeverRun = (functionName: string, condition: string): Problem =>
  new Problem(functionNeverRunKind, { function: functionName }, { code: condition });
