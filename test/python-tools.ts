import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A tool of another maker that tests hold the program against, and how it is installed. */
export interface Tool {
  command: string[];
  install: string;
}

export const moto: Tool = { command: ['moto_server', '--help'], install: "pip install 'moto[server]'" };
export const botocore: Tool = {
  command: ['python3', '-c', 'import botocore'],
  install: 'pip install botocore',
};
export const cfnLint: Tool = { command: ['cfn-lint', '--version'], install: 'pip install cfn-lint' };

/** Why a tool cannot be used here and what to do about it; undefined where it can. */
export const toolMissing = ({ command: [file = '', ...words], install }: Tool): Promise<string | undefined> =>
  run(file, words).then(
    () => undefined,
    () => `left out: ${[file, ...words].join(' ')} does not run here; ${install}`,
  );
