import {
  alreadyExists,
  badRequest,
  forbidden,
  invalid,
  notFound,
  StatusError,
} from "../http/status-error.ts";
import type { ApiObject } from "../json.ts";
import { checkAdmission } from "../admission/check-admission.ts";
import { applyLimitRanges } from "../admission/limit-ranges.ts";
import { hasGeneration } from "./generation.ts";
import { checkMetadata, newMetadata } from "./metadata.ts";
import { trackIn } from "./track-fields.ts";
import { dropStatus, shapedObject } from "./object-shape.ts";
import { saveObject } from "./save-object.ts";
import { strategyFor } from "../kinds/strategy-table.ts";
import { setZeroStatus } from "../kinds/zero-status.ts";
import type { WriteScope } from "./write-scope.ts";

/** Creates an object as a POST does, and returns it as stored. */
export function createObject(scope: WriteScope, given: ApiObject): ApiObject {
  checkNamespace(scope, given);
  const { resource } = scope;
  const incoming: ApiObject = { ...given, metadata: newMetadata(scope, given) };
  if (hasGeneration(resource)) incoming.metadata.generation = 1;
  dropStatus(scope, incoming);
  const object = shapedObject(scope, incoming);
  requireLiveNamespace(scope, object);
  const existing = scope.server.store.find(resource.storage, scope.namespace, object.metadata.name);
  const asked = preparedObject(scope, object);
  checkMetadata(scope, object);
  const causes = strategyFor(resource).validate?.(object, undefined, scope) ?? [];
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
  const noteUse = checkAdmission(scope, object, undefined);
  if (existing !== undefined) throw alreadyExists(resource, object.metadata.name);
  (scope.track ?? trackIn(scope, asked))(object, undefined);
  noteUse();
  return saveObject(scope, object);
}

/** Fills the object in, and returns it as the client asks for it: what the server adds to that belongs to nobody. */
function preparedObject(scope: WriteScope, object: ApiObject): ApiObject {
  const strategy = strategyFor(scope.resource);
  strategy.defaults?.(object);
  const asked = strategy.prepareCreate === undefined ? { ...object } : structuredClone(object);
  dropStatus(scope, asked);
  applyLimitRanges(scope, object);
  strategy.prepareCreate?.(object, scope);
  strategy.defaults?.(object);
  setZeroStatus(scope.resource, object);
  return asked;
}

function checkNamespace(scope: WriteScope, given: ApiObject): void {
  const named = given.metadata.namespace ?? "";
  if (!scope.resource.namespaced) {
    if (named !== "") {
      throw badRequest("namespace should not be set on cluster-scoped objects");
    }
    return;
  }
  if (scope.namespace === undefined) {
    throw badRequest("an empty namespace may not be set during creation");
  }
  if (named !== "" && named !== scope.namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
}

/** Nothing is created in a namespace that is missing or going away. */
function requireLiveNamespace(scope: WriteScope, object: ApiObject): void {
  if (!scope.resource.namespaced || scope.namespace === undefined) return;
  const entry = scope.server.store.find("namespaces", undefined, scope.namespace);
  if (entry === undefined) {
    throw notFound({ group: "", plural: "namespaces", kind: "Namespace" }, scope.namespace);
  }
  if (entry.object.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${scope.namespace} because it is being terminated`;
  const refusal = forbidden(scope.resource, object.metadata.name, why);
  throw new StatusError(403, "Forbidden", {
    message: refusal.message,
    details: {
      ...refusal.details,
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${scope.namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  });
}
