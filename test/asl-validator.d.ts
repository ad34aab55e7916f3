declare module 'asl-validator' {
  /** Checks a definition in Amazon States Language. The package brings no types of its own. */
  export default function validate(definition: unknown): { isValid: boolean; errors: unknown[] };
}
