import { join } from 'node:path';
import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { slack } from '../lib/chat/slack.ts';
import { readAccess } from './access/access-context.ts';
import { checkContextNames } from './access/context-names.ts';
import { ContextError } from './access/context-value.ts';
import { readAlarms } from './alarms/alarms-context.ts';
import { readAudit } from './audit/audit-context.ts';
import { bundle } from './bundle.ts';
import { findOperations, systemsOf } from './operations.ts';
import { readSchedules, SchedulesError } from './schedule-context.ts';
import { SwitchboardStack } from './stack.ts';

/**
 * The CDK app over every operation, each bundled into a folder of its own below `bundlesDir`. Who only wants to look at
 * the template can have something else done than the bundling, which takes most of the time.
 */
export async function switchboardApp(
  bundlesDir: string,
  props?: AppProps,
  bundleInto: (entryFile: string, outDir: string) => Promise<unknown> = bundle,
): Promise<App> {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));

  checkContextNames(app.node);
  const found = await findOperations();
  const schedules = readSchedules(
    app.node.tryGetContext('schedules'),
    found.map(({ operation }) => operation),
  );
  const systems = [...systemsOf(found), slack];
  const access = readAccess(app.node, systems);
  const audit = readAudit(app.node.tryGetContext('audit'));
  const alarms = readAlarms(app.node.tryGetContext('alarms'));
  const operations = await Promise.all(
    found.map(async ({ operation, file }) => {
      const codeDir = join(bundlesDir, operation.name);
      await bundleInto(file, codeDir);
      return { operation, codeDir };
    }),
  );
  const entry = async (name: string) => {
    const codeDir = join(bundlesDir, name);
    await bundleInto(join(import.meta.dirname, 'entries', `${name}.ts`), codeDir);
    return codeDir;
  };
  const codeDirs = {
    atlasToken: await entry('atlas-token'),
    forwardAudit: await entry('forward-audit'),
    publishOutcome: await entry('publish-outcome'),
    chatReceiver: await entry('chat-receiver'),
    chatWorker: await entry('chat-worker'),
  };
  new SwitchboardStack(app, 'Switchboard', { operations, codeDirs, schedules, access, audit, alarms });
  return app;
}

if (import.meta.main)
  try {
    await switchboardApp(join(import.meta.dirname, '..', '.bundles'));
  } catch (error) {
    if (!(error instanceof ContextError || error instanceof SchedulesError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
