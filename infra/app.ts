import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundle } from './bundle.ts';
import { findOperations } from './operations.ts';
import { SwitchboardStack } from './stack.ts';

const bundles = join(import.meta.dirname, '..', '.bundles');

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

const found = await findOperations();
const operations = await Promise.all(
  found.map(async ({ operation, file }) => {
    const codeDir = join(bundles, operation.name);
    await bundle(file, codeDir);
    return { operation, codeDir };
  }),
);
new SwitchboardStack(app, 'Switchboard', { operations });
