import * as z from 'zod';

// What zod says where a schema says nothing of its own: sentences of ours, which go on after the field's name.

const types: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  never: 'left out',
};

const formats: Record<string, string> = {
  datetime: 'a date and time, such as 2026-01-31T18:00:00Z',
  date: 'a date, such as 2026-01-31',
  url: 'a URL',
  uuid: 'a UUID',
  email: 'an e-mail address',
};

function sentence(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${types[issue.expected] ?? 'of another type'}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return `must ${sized(issue.origin, issue.minimum, 'at least')}`;
    case 'too_big':
      return `must ${sized(issue.origin, issue.maximum, 'at most')}`;
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? 'written in another way'}`;
    case 'unrecognized_keys':
      return `has what is not known here: ${issue.keys.slice(0, 10).join(', ')}`;
    case 'invalid_union':
      return 'is in none of the shapes that are known here';
    default:
      return 'is not valid';
  }
}

function sized(origin: string, bound: number | bigint, how: string): string {
  if (origin === 'string') return `be ${how} ${bound} characters long`;
  if (origin === 'array' || origin === 'set') return `have ${how} ${bound} entries`;
  return `be ${how} ${bound}`;
}

z.config({ localeError: sentence });
