const name = /^[\w.$-]{1,64}$/;

/** Whether what a caller made up looks like a name, so that it may be said again. */
export const isName = (value: unknown): value is string => typeof value === 'string' && name.test(value);
