import {
  differenceOf,
  describePath,
  intersectionOf,
  pathsOf,
  unionOf,
} from "../fields/field-set.ts";
import type { FieldSet } from "../fields/field-set.ts";
import { describeManager, isSameManager, managersFrom } from "../fields/managed-fields.ts";
import type { Manager } from "../fields/managed-fields.ts";
import { mergeApplied, removeFields } from "../fields/merge-applied.ts";
import { compareObjects, ownedFields } from "../fields/owned-fields.ts";
import { badRequest, invalid, StatusError, UndecodableError } from "../http/status-error.ts";
import { invalidValue, required } from "../field-causes.ts";
import { deepEqual, isFields } from "../json.ts";
import type { ApiObject } from "../json.ts";
import { hasStatus } from "../resources/resource-info.ts";
import { schemaOfResource } from "../schema/schema-of-resource.ts";
import { shapedObject } from "./object-shape.ts";
import { createObject } from "./create-object.ts";
import { timestamp } from "./metadata.ts";
import { managerId, setManagers } from "./track-fields.ts";
import { updateObject } from "./update-object.ts";
import type { WriteScope } from "./write-scope.ts";

export type Applied = { readonly object: ApiObject; readonly created: boolean };

type ApplyRequest = { readonly applied: ApiObject; readonly force: boolean };

/** Server-side apply: creates the object, or changes what the applied one says and this manager owned before. */
export function applyObject(scope: WriteScope, name: string, request: ApplyRequest): Applied {
  const { force } = request;
  if (request.applied.metadata.managedFields !== undefined) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const applied = typed(scope, request.applied);
  checkApplied(scope, applied, name);
  const exists = scope.server.store.find(scope.resource.storage, scope.namespace, name);
  if (exists === undefined && scope.subresource === undefined) {
    return { object: createApplied(scope, applied), created: true };
  }
  let managers: Manager[] = [];
  const object = updateObject(
    { ...scope, track: (changed, stored) => settle(scope, changed, { managers, stored }) },
    name,
    (stored) => {
      checkAppliedUid(scope, applied, stored);
      const merged = mergeOnto(scope, stored, { applied, force });
      managers = merged.managers;
      return merged.object;
    },
  );
  return { object, created: false };
}

function checkAppliedUid(scope: WriteScope, applied: ApiObject, stored: ApiObject): void {
  const { uid, name } = applied.metadata;
  if (uid === undefined || uid === stored.metadata.uid) return;
  throw invalid(scope.resource, name, [invalidValue("metadata.uid", uid, "field is immutable")]);
}

function createApplied(scope: WriteScope, applied: ApiObject): ApiObject {
  const self = { ...managerId(scope, "Apply"), time: timestamp(scope.server.now()) };
  const fields = ownFields(scope, applied);
  return createObject(
    { ...scope, track: (object) => setManagers(object, [{ ...self, fields }]) },
    applied,
  );
}

function checkApplied(scope: WriteScope, applied: ApiObject, name: string): void {
  if (scope.fieldManager === "") {
    const options = { group: "meta.k8s.io", plural: "patchoptions", kind: "PatchOptions" };
    throw invalid(options, "", [required("fieldManager", "is required for apply patch")]);
  }
  if (applied.metadata.name === "") applied.metadata.name = name;
}

/** Nothing is applied that the schema does not know, however leniently the client wants its fields checked. */
function typed(scope: WriteScope, applied: ApiObject): ApiObject {
  try {
    const strict: WriteScope = { ...scope, fieldValidation: "Strict" };
    if (scope.resource.custom !== undefined) shapedObject(strict, applied);
    return cleaned(strict, applied);
  } catch (error) {
    throw error instanceof UndecodableError ? untyped(applied, error.text) : error;
  }
}

function untyped(applied: ApiObject, text: string): StatusError {
  const { apiVersion, kind, metadata } = applied;
  const slashed = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  const unknown = /^strict decoding error: unknown field "([^"]+)"/.exec(text)?.[1];
  const why = unknown === undefined ? text : `.${unknown}: field not declared in schema`;
  const what = `${metadata.namespace ?? ""}/${metadata.name}; ${slashed}, Kind=${kind}`;
  const message = `failed to create typed patch object (${what}): ${why}`;
  return new StatusError(500, "", { message });
}

/** Explicit nulls say nothing in an applied object; values of builtin kinds are compared in canonical form. */
function cleaned(scope: WriteScope, applied: ApiObject): ApiObject {
  const copy = structuredClone(applied);
  dropNulls(copy);
  return scope.resource.custom === undefined ? shapedObject(scope, copy) : copy;
}

function dropNulls(value: unknown): void {
  if (Array.isArray(value)) value.forEach(dropNulls);
  if (!isFields(value)) return;
  for (const [field, item] of Object.entries(value)) {
    if (item === null) delete value[field];
    else dropNulls(item);
  }
}

/** What the applied object owns: status is owned only through its subresource. */
function ownFields(scope: WriteScope, applied: ApiObject): FieldSet {
  const fields = ownedFields(applied, schemaOfResource(scope.resource));
  if (!hasStatus(scope.resource)) return fields;
  if (scope.subresource !== "status") {
    fields.delete("f:status");
    return fields;
  }
  return new Map([...fields].filter(([step]) => step === "f:status" || step === "f:metadata"));
}

type Merged = { readonly object: ApiObject; readonly managers: Manager[] };

function mergeOnto(scope: WriteScope, stored: ApiObject, request: ApplyRequest): Merged {
  const schema = schemaOfResource(scope.resource);
  const self = managerId(scope, "Apply");
  const managers = managersFrom(stored.metadata.managedFields);
  const before = managers.find((manager) => isSameManager(manager, self));
  const others = managers.filter((manager) => manager !== before);
  const own = ownFields(scope, request.applied);
  const merged = mergeApplied(stored, request.applied, schema);
  const changes = compareObjects(stored, merged, schema);
  const changed = intersectionOf(unionOf(changes.added, changes.modified), own);
  if (!request.force) refuseConflicts(others, changed);
  const kept = others.map((other) => ({
    ...other,
    fields: differenceOf(other.fields, intersectionOf(other.fields, changed)),
  }));
  const abandoned = differenceOf(before?.fields ?? new Map(), own);
  const stillOwned = unionOf(own, ...kept.map((other) => other.fields));
  const removed = differenceOf(abandoned, stillOwned);
  const object = removeFields(merged, schema, { removed, kept: stillOwned }) as ApiObject;
  const time = before?.time;
  return { object, managers: [...kept, { ...self, time, fields: own }] };
}

function refuseConflicts(others: readonly Manager[], changed: FieldSet): void {
  const conflicts = others.flatMap((manager) =>
    pathsOf(intersectionOf(manager.fields, changed)).map((path) => ({
      manager: describeManager(manager),
      path: describePath(path),
    })),
  );
  const [first] = conflicts;
  if (first === undefined) return;
  const names = [...new Set(conflicts.map((conflict) => conflict.manager))].sort();
  const blocks = names.map((name) => {
    const paths = conflicts.filter((conflict) => conflict.manager === name);
    return [`conflicts with ${name}:`, ...paths.map(({ path }) => `- ${path}`)].join("\n");
  });
  const message =
    conflicts.length === 1
      ? `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`
      : `Apply failed with ${conflicts.length} conflicts: ${blocks.join("\n")}`;
  throw new StatusError(409, "Conflict", {
    message,
    details: {
      causes: conflicts.map(({ manager, path }) => ({
        reason: "FieldManagerConflict",
        message: `conflict with ${manager}`,
        field: path,
      })),
    },
  });
}

/** Writes the managers, with a new time only when the apply changed something. */
function settle(
  scope: WriteScope,
  object: ApiObject,
  known: { readonly managers: readonly Manager[]; readonly stored: ApiObject | undefined },
): void {
  setManagers(object, known.managers);
  if (deepEqual(object, known.stored)) return;
  const self = managerId(scope, "Apply");
  const time = timestamp(scope.server.now());
  setManagers(
    object,
    known.managers.map((manager) =>
      isSameManager(manager, self) ? { ...manager, time } : manager,
    ),
  );
}
