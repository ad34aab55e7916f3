import * as z from 'zod';
import type { Deadline } from '../deadline.ts';
import { Problem } from '../problems/problem.ts';
import type { HttpClient } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';

/** Whom a connection signs in as. */
export interface User {
  username: string;
  password: string;
  /** Which of SPS's login methods knows the user; SPS's default one unless given. */
  loginMethod?: string | undefined;
}

// That the list is there, without signing in, is documented; what stands in it is not.
const namedMethod = z.union([
  z.string().transform((name) => [name]),
  z
    .object({ name: z.string().optional().catch(undefined), id: z.string().optional().catch(undefined) })
    .transform(({ name, id }) => [name, id].filter((word) => word !== undefined)),
]);
const methodsAnswer = z.object({
  login_methods: z.array(namedMethod).transform((methods) => methods.filter((names) => names.length > 0)),
});

/** By which names SPS knows its login methods, several for one; none where it does not say. */
export async function loginMethods(http: HttpClient, deadline: Deadline): Promise<string[][]> {
  try {
    const path = '/api/authentication/login_methods';
    const response = await http.attempt(
      { method: 'GET', path, headers: { accept: 'application/json' } },
      deadline,
    );
    return parseJson('sps', response, methodsAnswer).login_methods;
  } catch (error) {
    // It only says better what is known already.
    if (error instanceof Problem) return [];
    throw error;
  }
}
