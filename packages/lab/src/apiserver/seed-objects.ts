import { DEFAULT_ROLES } from "./seed-roles.ts";
import { createObject } from "./writes/create-object.ts";
import type { ApiObject } from "./json.ts";
import type { ServerContext } from "./server-context.ts";
import { serverScope } from "./server-scope.ts";

const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Creates what every Kubernetes server has from its first start. */
export function seedObjects(server: ServerContext): void {
  for (const name of NAMESPACES) {
    seed(server, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const role of DEFAULT_ROLES) seed(server, role);
}

/** Creates the object unless it is there. */
function seed(server: ServerContext, object: ApiObject): void {
  const resource = server.registry.findKind(object.apiVersion, object.kind);
  if (resource === undefined) throw new Error(`${object.kind} is not a kind this server knows.`);
  const { namespace, name } = object.metadata;
  if (server.store.find(resource.storage, namespace, name) !== undefined) return;
  createObject(serverScope(server, resource, namespace), object);
}
