import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { localCredentials } from '../infra/local/simulators/aws/credentials.ts';

const script = (name: string) => join(import.meta.dirname, 'botocore', name);

async function python(file: string, input = ''): Promise<unknown> {
  const child = spawn('python3', [script(file)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  return JSON.parse(await text(child.stdout));
}

/** What botocore finds wrong with the signature of each request, as it went over the wire; null where nothing is. */
export async function signatureProblems(requests: Buffer[]): Promise<(string | null)[]> {
  const input = {
    credentials: localCredentials,
    requests: requests.map((request) => request.toString('base64')),
  };
  return z.array(z.string().nullable()).parse(await python('signatures.py', JSON.stringify(input)));
}

/** What botocore's service models allow now. */
export const constraints = (): Promise<unknown> => python('constraints.py');
