import type { Route } from '../mongodb/route.ts';
import type { Organization } from './world.ts';

export interface AtlasRoute extends Route<Organization> {
  /** The newest version of the resource, which also answers those who ask for a later date. */
  version: string;
}
