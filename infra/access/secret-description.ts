import * as z from 'zod';
import type { System } from '../../lib/system.ts';

/** What Secrets Manager takes at most. */
const mostCharacters = 2048;

/** The shape of a connection's secret in words, for whoever fills it: what the system's own schema says. */
export function secretDescription({ title, secret }: System): string {
  if (!secret) throw new Error(`${title} has no connections`);
  const { anyOf, ...whole } = z.toJSONSchema(secret, { io: 'input', unrepresentable: 'any' });
  const shapes = (anyOf ?? [whole]).map(shapeOf).join(' or ');
  const text = `A connection to ${title}, as JSON: ${shapes}`;
  if (text.length > mostCharacters) throw new Error(`The description of a secret for ${title} is too long`);
  return text;
}

type Schema = z.core.JSONSchema.BaseSchema;

const shapeOf = ({ properties = {}, required = [] }: Schema): string => {
  const fields = Object.entries(properties).map(([name, field]) => {
    const about = typeof field === 'object' ? field.description?.replace(/\.$/, '') : undefined;
    const optional = required.includes(name) ? '' : ' (optional)';
    return `"${name}"${optional}${about === undefined ? '' : `: <${about}>`}`;
  });
  return `{${fields.join(', ')}}`;
};
