import { isFields } from "./json.ts";
import type { ApiObject, Fields } from "./json.ts";
import type { ServerContext } from "./server-context.ts";
import { serverScope } from "./server-scope.ts";
import { createObject } from "./writes/create-object.ts";
import { updateObject } from "./writes/update-object.ts";

const NAME = "kubernetes";
const NAMESPACE = "default";
const LABELS = { component: "apiserver", provider: "kubernetes" };

/** Keeps the Service by which programs in the cluster reach this server, and where it leads to. */
export function seedOwnService(server: ServerContext, port: number): void {
  keep(server, "services", {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      clusterIP: `${server.settings.serviceNetwork}.0.1`,
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
    },
  });
  keep(server, "endpoints", {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: NAME, namespace: NAMESPACE },
    subsets: [
      { addresses: [{ ip: "127.0.0.1" }], ports: [{ name: "https", port, protocol: "TCP" }] },
    ],
  });
}

/** A server that starts again may listen on another port. */
function keep(server: ServerContext, plural: string, object: ApiObject): void {
  const resource = server.registry.find("v1", plural);
  if (resource === undefined) throw new Error(`${plural} are not served here.`);
  const scope = serverScope(server, resource, NAMESPACE);
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...wanted } = object;
  if (server.store.find(plural, NAMESPACE, NAME) === undefined) {
    createObject(scope, object);
    return;
  }
  updateObject(scope, NAME, (stored) => withParts(stored, wanted));
}

function withParts(stored: ApiObject, wanted: Fields): ApiObject {
  const parts = Object.entries(wanted).map(([field, value]) => {
    const before = stored[field];
    return [field, isFields(value) && isFields(before) ? { ...before, ...value } : value];
  });
  return { ...stored, ...(Object.fromEntries(parts) as Fields) };
}
