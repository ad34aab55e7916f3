/** An error as AWS answers it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What is missing of a stand-in rather than wrong with the request: AWS would take it. */
export const notSimulated = (what: string): AwsError =>
  new AwsError('NotSimulated', `${what} is not simulated here.`, 501);
