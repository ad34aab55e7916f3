import { atlas } from '../../lib/atlas/atlas.ts';
import { defineChange } from '../../lib/change.ts';
import { handlerFor } from '../../lib/handler.ts';
import {
  alertConfigSwitches,
  applyToggle,
  planToggle,
  selectedAlertConfigs,
  toggleBody,
  toggleInput,
  toggleReach,
  toggleVerbs,
} from '../../lib/mongodb/alert-configs.ts';

export const operation = defineChange({
  name: 'atlas.toggleAlertConfig',
  effect: 'change',
  system: atlas,
  summary: 'Switch alert configurations on or off',
  description:
    'Sets alert configurations of a project on or off: those named, or all that watch for an event. Each is answered on its own. It sets a state, so it can be repeated; nothing else of a configuration is touched.',
  role: 'Project Alerts Manager',
  impact: 'Noisy alerts of a project in Atlas stay on, or silenced ones stay silent.',
  http: {
    method: 'PATCH',
    path: '/atlas/{connection}/groups/{groupId}/alertConfigs',
    body: toggleBody,
  },
  input: toggleInput,
  verbs: toggleVerbs,
  state: selectedAlertConfigs,
  plan: planToggle,
  apply: applyToggle,
  reach: toggleReach,
  switches: alertConfigSwitches,
});

export const handler = handlerFor(operation);
