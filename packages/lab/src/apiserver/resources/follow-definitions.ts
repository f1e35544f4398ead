import { CLEANUP, resourcesOf } from "../kinds/definition-strategy.ts";
import type { ApiObject } from "../json.ts";
import { serverScope } from "../server-scope.ts";
import type { ServerContext } from "../server-context.ts";
import { deleteObject } from "../writes/delete-object.ts";
import { updateObject } from "../writes/update-object.ts";

const DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

/** Serves what the stored definitions define, now and after every change; empties those that are deleted. */
export function followDefinitions(server: ServerContext): void {
  const { store, registry } = server;
  const follow = (definition: ApiObject): void => {
    registry.setCustom(definition.metadata.name, resourcesOf(definition));
    if (isWaiting(definition)) cleanUpSoon(server, definition.metadata.name);
  };
  for (const entry of store.list(DEFINITIONS)) follow(entry.object);
  store.listen(DEFINITIONS, ({ type, entry }) => {
    if (type === "DELETED") registry.removeCustom(entry.object.metadata.name);
    else follow(entry.object);
  });
}

function isWaiting({ metadata }: ApiObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(CLEANUP) === true
  );
}

/** After the write that asked for it is done. */
function cleanUpSoon(server: ServerContext, name: string): void {
  setImmediate(() => {
    if (!server.closing.aborted) cleanUp(server, name);
  });
}

/** Deletes the objects of a definition that goes; once none is left, the definition goes too. */
function cleanUp(server: ServerContext, name: string): void {
  const definition = server.store.find(DEFINITIONS, undefined, name)?.object;
  if (definition === undefined || !isWaiting(definition)) return;
  const [resource] = server.registry.all().filter((info) => info.storage === name);
  if (resource !== undefined) {
    for (const { object } of server.store.list(name)) {
      const { namespace, deletionTimestamp } = object.metadata;
      if (deletionTimestamp !== undefined) continue;
      deleteObject(serverScope(server, resource, namespace), object.metadata.name, {
        gracePeriodSeconds: undefined,
        propagation: undefined,
        uid: undefined,
        resourceVersion: undefined,
      });
    }
  }
  if (server.store.count(name) === 0) {
    dropFinalizer(server, name);
    return;
  }
  const stop = server.store.listen(name, ({ type }) => {
    if (type !== "DELETED" || server.store.count(name) > 0) return;
    stop();
    cleanUpSoon(server, name);
  });
}

function dropFinalizer(server: ServerContext, name: string): void {
  const resource = server.registry.find("apiextensions.k8s.io/v1", "customresourcedefinitions");
  if (resource === undefined) return;
  updateObject(serverScope(server, resource, undefined), name, (stored) => {
    const finalizers = (stored.metadata.finalizers ?? []).filter((one) => one !== CLEANUP);
    return { ...stored, metadata: { ...stored.metadata, finalizers } };
  });
}
