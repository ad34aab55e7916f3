import type { Node } from 'constructs';
import type { System } from '../../lib/system.ts';
import { type Jwt, readAuth } from './auth-context.ts';
import { type DeclaredConnection, readConnections } from './connections-context.ts';
import { readKmsKey } from './kms-context.ts';
import { readVpc, type Vpc } from './vpc-context.ts';

/** What `cdk.json` says of who may what: each as its own file explains it. */
export interface Access {
  jwt: Jwt | undefined;
  kmsKey: string | undefined;
  vpc: Vpc | undefined;
  connections: DeclaredConnection[];
}

/** The context values `auth`, `kmsKey`, `vpc` and `connections`. Throws a `ContextError` that names the field. */
export const readAccess = (node: Node, systems: System[]): Access => ({
  jwt: readAuth(node.tryGetContext('auth')),
  kmsKey: readKmsKey(node.tryGetContext('kmsKey')),
  vpc: readVpc(node.tryGetContext('vpc'), systems),
  connections: readConnections(node.tryGetContext('connections'), systems),
});
