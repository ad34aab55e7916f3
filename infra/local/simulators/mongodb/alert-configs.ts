import * as z from 'zod';
import type { Response } from '../listen.ts';
import { apiError } from './api-error.ts';
import { entity, entityQuery, listQuery, page, parseBody, type Route, type RouteCall } from './route.ts';
import { type AlertConfig, type Organization, timestamp } from './world.ts';

type Call = RouteCall<Organization>;

const listPath = '/groups/{groupId}/alertConfigs';
const path = `${listPath}/{alertConfigId}`;

/** `toggleGroupAlertConfig`. Assumed: an attribute that is missing, wrong or unknown is refused. */
const toggle = z.strictObject({ enabled: z.boolean() });

/** `updateGroupAlertConfig`. What the two APIs demand beyond this depends on the event. */
const replacement = z.looseObject({
  eventTypeName: z.string(),
  notifications: z.array(z.looseObject({ typeName: z.string() })).min(1),
  // The trap: a body that leaves it out disables the configuration.
  enabled: z.boolean().default(false),
});

/** The alert configurations of a project, which Atlas and Ops Manager have under the same paths. */
export const alertConfigRoutes: Route<Organization>[] = [
  {
    method: 'GET',
    path: listPath,
    query: listQuery,
    answer: (call) =>
      page(
        all(call).map((config) => withLinks(config, call, `${call.request.url.pathname}/${config.id}`)),
        call,
      ),
  },
  {
    method: 'GET',
    path,
    query: entityQuery,
    answer: (call) => withConfig(call, (config) => answerWith(config, call)),
  },
  {
    method: 'PATCH',
    path,
    query: entityQuery,
    answer: (call) =>
      withConfig(call, (config) => {
        const body = parseBody(call.request, toggle);
        if ('error' in body) return body.error;
        // Assumed: setting the value that is there already is a change as well.
        Object.assign(config, body.value, { updated: timestamp(call.now) });
        return answerWith(config, call);
      }),
  },
  {
    method: 'PUT',
    path,
    query: entityQuery,
    answer: (call) =>
      withConfig(call, (config) => {
        const body = parseBody(call.request, replacement);
        if ('error' in body) return body.error;
        const { id, groupId, created } = config;
        const replaced = { ...body.value, id, groupId, created, updated: timestamp(call.now) };
        const configs = all(call);
        configs.splice(configs.indexOf(config), 1, replaced);
        return answerWith(replaced, call);
      }),
  },
];

const all = ({ organization, parameters }: Call): AlertConfig[] =>
  organization.groups.find(({ groupId }) => groupId === parameters['groupId'])?.alertConfigs ?? [];

function withConfig(call: Call, answer: (config: AlertConfig) => Response): Response {
  const { alertConfigId = '', groupId = '' } = call.parameters;
  const config = all(call).find(({ id }) => id === alertConfigId);
  // The code is Ops Manager's; that Atlas has it too is assumed.
  const detail = `No alert configuration with ID ${alertConfigId} exists in group ${groupId}.`;
  return config ? answer(config) : apiError(404, 'ALERT_CONFIG_NOT_FOUND', detail, [alertConfigId, groupId]);
}

const answerWith = (config: AlertConfig, call: Call) =>
  entity(withLinks(config, call, call.request.url.pathname), call);

const withLinks = (config: AlertConfig, { request }: Call, pathname: string) => ({
  ...config,
  links: [{ href: new URL(pathname, request.url).href, rel: 'self' }],
});
