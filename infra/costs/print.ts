import { parseArgs } from 'node:util';

const usage = `Usage: npm run costs

Says what the stack costs a month: as cdk.json comes, and with every setting. It takes no options.
`;

const options = parsed();
if (options === undefined) process.exitCode = 1;
else if (options.help) process.stdout.write(usage);
else {
  const { costTable } = await import('./table.ts');
  process.stdout.write(`${await costTable()}\n`);
}

/** The options; `undefined`, and a sentence, where there are others. */
function parsed() {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    return undefined;
  }
}
