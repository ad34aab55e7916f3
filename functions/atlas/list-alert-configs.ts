import * as z from 'zod';
import { groupId } from '../../lib/arguments/ids.ts';
import { list, pageOrAll } from '../../lib/arguments/list.ts';
import { atlas } from '../../lib/atlas/atlas.ts';
import { handlerFor } from '../../lib/handler.ts';
import { alertConfigList, alertConfigs } from '../../lib/mongodb/alert-configs.ts';
import { defineOperation } from '../../lib/operation.ts';

export const operation = defineOperation({
  name: 'atlas.listAlertConfigs',
  effect: 'read',
  system: atlas,
  summary: "List a project's alert configurations",
  description:
    'The alert configurations of a project: which events they watch for, who is told, and whether they are on. all=true answers every one at once.',
  role: 'Project Read Only',
  impact: 'Nobody can see which alert configurations of a project in Atlas are switched off.',
  http: { method: 'GET', path: '/atlas/{connection}/groups/{groupId}/alertConfigs' },
  input: pageOrAll(z.strictObject({ groupId, ...list })),
  output: alertConfigList,
  run: (client, { groupId, ...asked }) => client.list(`/groups/${groupId}/alertConfigs`, asked, alertConfigs),
});

export const handler = handlerFor(operation);
