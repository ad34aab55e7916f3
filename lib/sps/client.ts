import type * as z from 'zod';
import type { Applied, Plan } from '../change.ts';
import type { Call } from '../connections.ts';
import { parseWhole } from '../upstream/json.ts';
import { endLeft, type Knowledge } from './lock.ts';
import { spsProblem } from './problems.ts';
import type { Resource } from './resource.ts';
import type { CallSession, Session } from './session.ts';
import { Transaction } from './transaction.ts';

/** An SPS's configuration for one call. */
export class SpsClient {
  readonly #session: CallSession;
  readonly knowledge: Knowledge;
  readonly #call: Call;

  constructor(session: Session, knowledge: Knowledge, call: Call) {
    this.#session = session.for(call);
    this.knowledge = knowledge;
    this.#call = call;
  }

  /** Reads a resource: one request, with the login one more. */
  async read<Body>({ path, answer }: Resource<Body>): Promise<Body> {
    return (await this.get(path, answer)).body;
  }

  /** Reads what SPS answers for a path below `/api/configuration`, a resource or a list of them. */
  async get<Answer>(path: string, schema: z.ZodType<Answer>): Promise<Answer> {
    const { deadline } = this.#call;
    await this.#leaveTransaction();
    const response = await this.#session.read({ method: 'GET', path: `/api/configuration${path}` }, deadline);
    if (response.status !== 200) throw spsProblem(response, this.#call.connectionName, this.#call.role);
    const answer = parseWhole('sps', response, schema);
    this.#call.secrets?.add(answer);
    return answer;
  }

  /** Makes a planned change: four requests, and one for each new password. */
  async replace<Body>(resource: Resource<Body>, plan: Plan<unknown>): Promise<Applied<Body>> {
    return (await this.#transaction()).replace(resource, plan, true);
  }

  /** Has SPS check a planned change, and takes it back: as many requests as making it. */
  async rehearse<Body>(resource: Resource<Body>, plan: Plan<unknown>): Promise<Applied<Body>> {
    return (await this.#transaction()).replace(resource, plan, false);
  }

  async #transaction(): Promise<Transaction> {
    const { deadline } = this.#call;
    const login = await this.#session.logIn(deadline);
    // Where SPS locks only what is written, another one is opened all the same, and this one would stay.
    if (this.knowledge.left !== login) await endLeft(this.#session, this.knowledge, deadline);
    return new Transaction(this.#session, login, this.knowledge, this.#call);
  }

  /**
   * Ends what an earlier call may have left in this session: it would show as if it were committed. Where SPS does not
   * let it be ended, a new session takes the place of this one, which SPS ends when it has been idle.
   */
  async #leaveTransaction(): Promise<void> {
    const { left } = this.knowledge;
    if (left === undefined || left !== this.#session.login) return;
    const isEnded = await endLeft(this.#session, this.knowledge, this.#call.deadline);
    if (!isEnded) this.#session.forget(left);
  }
}
