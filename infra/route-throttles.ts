import { CfnStage, type HttpRoute, type HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Effect } from '../lib/operation.ts';
import { routeThrottles } from './limits.ts';

/** Limits of single routes, which CDK's own stage knows nothing of. */
export class RouteThrottles {
  readonly #stage: HttpStage;
  readonly #settings: Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }> = {};

  constructor(stage: HttpStage) {
    const resource = stage.node.defaultChild;
    if (!(resource instanceof CfnStage)) throw new Error('The stage is not what CDK used to make of it');
    resource.routeSettings = this.#settings;
    this.#stage = stage;
  }

  /** Limits how often a route may be called, by what its operation does to the upstream. */
  limit(key: string, route: HttpRoute, effect: Effect): void {
    const { rateLimit, burstLimit } = routeThrottles[effect];
    this.#settings[key] = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit };
    // API Gateway refuses settings for a route that is not there yet.
    this.#stage.node.addDependency(route);
  }
}
