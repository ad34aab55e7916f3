import { costTable } from './table.ts';

process.stdout.write(`${await costTable()}\n`);
