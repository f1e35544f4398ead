import { badRequest, conflict, invalid, notFound } from "../http/status-error.ts";
import { invalidValue, forbiddenField } from "../field-causes.ts";
import { at, deepEqual, listOf } from "../json.ts";
import type { ApiObject, Metadata } from "../json.ts";
import { strategyFor } from "../kinds/strategy-table.ts";
import { setZeroStatus } from "../kinds/zero-status.ts";
import { hasStatus } from "../resources/resource-info.ts";
import type { StoredEntry } from "../store/stored-entry.ts";
import { checkAdmission } from "../admission/check-admission.ts";
import { bumpGeneration } from "./generation.ts";
import { checkMetadata, updatedMetadata } from "./metadata.ts";
import { shapedObject } from "./object-shape.ts";
import { finishDeletion } from "./finish-deletion.ts";
import { saveObject } from "./save-object.ts";
import { trackIn } from "./track-fields.ts";
import type { WriteScope } from "./write-scope.ts";

/** Works out the new object from the one stored. Must not change what it is given. */
export type Change = (stored: ApiObject) => ApiObject;

/** Changes a stored object as PUT and PATCH do, and returns it as stored. */
export function updateObject(scope: WriteScope, name: string, change: Change): ApiObject {
  const entry = scope.server.store.find(scope.resource.storage, scope.namespace, name);
  if (entry === undefined) throw notFound(scope.resource, name);
  const stored = entry.object;
  const given = change(stored);
  checkIdentity(scope, given, entry);
  const object = shapedObject(scope, mergeOnto(scope, given, stored));
  const strategy = strategyFor(scope.resource);
  strategy.prepareUpdate?.(object, stored, scope);
  strategy.defaults?.(object);
  setZeroStatus(scope.resource, object);
  bumpGeneration(scope.resource, object, stored);
  checkMetadata(scope, object);
  checkFinalizers(scope, object, stored);
  const causes = strategy.validate?.(object, stored, scope) ?? [];
  if (causes.length > 0) throw invalid(scope.resource, name, causes);
  const noteUse = checkAdmission(scope, object, stored);
  (scope.track ?? trackIn(scope))(object, stored);
  if (isFinished(object)) return finishDeletion(scope, entry, object);
  if (deepEqual(object, stored)) return stored;
  noteUse();
  return saveObject(scope, object);
}

function checkIdentity(scope: WriteScope, given: ApiObject, entry: StoredEntry): void {
  const { metadata } = given;
  const stored = entry.object.metadata;
  if (metadata.name !== stored.name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${stored.name})`,
    );
  }
  const namespace = metadata.namespace ?? "";
  if (namespace !== "" && namespace !== (stored.namespace ?? "")) {
    throw badRequest(
      `the namespace of the object (${namespace}) does not match the namespace on the request (${stored.namespace ?? ""})`,
    );
  }
  checkUid(scope, metadata.uid ?? "", stored);
  checkVersion(scope, metadata.resourceVersion ?? "", entry);
}

function checkUid(scope: WriteScope, given: string, { name, uid = "" }: Metadata): void {
  if (given === "" || given === uid) return;
  const key = ["/registry", scope.resource.plural, scope.namespace, name].filter(Boolean).join("/");
  const why = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given}, UID in object meta: ${uid}`;
  throw conflict(scope.resource, name, why);
}

function checkVersion(scope: WriteScope, version: string, entry: StoredEntry): void {
  const name = entry.object.metadata.name;
  if (version === "" || version === "0") {
    if (scope.resource.custom === undefined) return;
    const { group, plural } = scope.resource;
    const message = "Invalid value: 0x0: must be specified for an update";
    throw invalid({ group, plural, kind: plural }, name, [
      { reason: "FieldValueInvalid", message, field: "metadata.resourceVersion" },
    ]);
  }
  if (!/^\d+$/.test(version)) {
    throw invalid(scope.resource, name, [
      invalidValue("metadata.resourceVersion", version, "strconv.ParseUint: invalid syntax"),
    ]);
  }
  if (version !== String(entry.revision)) throw conflict(scope.resource, name);
}

/** Takes from the incoming object what this kind of update may change, the rest from the stored one. */
function mergeOnto(scope: WriteScope, given: ApiObject, stored: ApiObject): ApiObject {
  if (scope.subresource === "status") {
    const metadata = scope.resource.custom === undefined ? given.metadata : stored.metadata;
    const object: ApiObject = {
      ...stored,
      metadata: updatedMetadata({ ...metadata }, stored.metadata),
    };
    if (given["status"] === undefined) delete object["status"];
    else object["status"] = given["status"];
    object.metadata.managedFields = given.metadata.managedFields ?? [];
    return object;
  }
  const object: ApiObject = {
    ...given,
    metadata: updatedMetadata(given.metadata, stored.metadata),
  };
  // Binding a pod also writes the condition that says so.
  if (hasStatus(scope.resource) && scope.subresource !== "binding") {
    if (stored["status"] === undefined) delete object["status"];
    else object["status"] = stored["status"];
  }
  return object;
}

/** A terminating object only loses finalizers. */
function checkFinalizers(scope: WriteScope, object: ApiObject, stored: ApiObject): void {
  if (stored.metadata.deletionTimestamp === undefined) return;
  const before = new Set(stored.metadata.finalizers ?? []);
  const added = (object.metadata.finalizers ?? []).filter((name) => !before.has(name));
  if (added.length === 0) return;
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(", ")}}`;
  throw invalid(scope.resource, stored.metadata.name, [
    forbiddenField("metadata.finalizers", detail),
  ]);
}

/** True when the last finalizer went from an object that was only waiting for that. */
function isFinished(object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds > 0) return false;
  const namespaceFinalizers = object.kind === "Namespace" ? at(object, "spec", "finalizers") : [];
  return finalizers.length === 0 && listOf(namespaceFinalizers).length === 0;
}
