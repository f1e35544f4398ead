import { differenceOf, intersectionOf, unionOf } from "../fields/field-set.ts";
import { isSameManager, managersFrom, toManagedFields } from "../fields/managed-fields.ts";
import type { Manager, ManagerId } from "../fields/managed-fields.ts";
import { compareObjects } from "../fields/owned-fields.ts";
import type { Comparison } from "../fields/owned-fields.ts";
import { isFields } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import { schemaOfResource } from "../schema/schema-of-resource.ts";
import { timestamp } from "./metadata.ts";
import type { WriteScope } from "./write-scope.ts";

/**
 * The usual way to note who owns what: as an update by the scope's manager. `asked` is the object as the client wants
 * it, where the server has added to that.
 */
export function trackIn(
  scope: WriteScope,
  asked?: ApiObject,
): (object: ApiObject, stored: ApiObject | undefined) => void {
  return (object, stored) => {
    // Nobody is nobody's manager.
    if (scope.fieldManager === "") return keepManagers(object, stored);
    const before = stored ?? {};
    const changes = compareObjects(before, asked ?? object, schemaOfResource(scope.resource));
    trackFields(scope, object, { stored, changes });
  };
}

function keepManagers(object: ApiObject, stored: ApiObject | undefined): void {
  const kept = startingFields(object, stored);
  if (kept === undefined || kept.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = [...kept];
}

/** Notes in the object's managedFields what a create or update changed. */
function trackFields(
  scope: WriteScope,
  object: ApiObject,
  { stored, changes }: { readonly stored: ApiObject | undefined; readonly changes: Comparison },
): void {
  const managers = managersFrom(startingFields(object, stored));
  const changed = unionOf(changes.added, changes.modified);
  const self = managerId(scope, "Update");
  const others = managers
    .filter((manager) => !isSameManager(manager, self))
    .map((manager) => losing(manager, [intersectionOf(manager.fields, changed), changes.removed]));
  const before = managers.find((manager) => isSameManager(manager, self));
  const own = differenceOf(unionOf(before?.fields ?? new Map(), changed), changes.removed);
  const time = changed.size > 0 ? timestamp(scope.server.now()) : before?.time;
  setManagers(object, [...others, { ...self, time, fields: own }]);
}

export function managerId(scope: WriteScope, operation: Manager["operation"]): ManagerId {
  return {
    manager: scope.fieldManager,
    operation,
    apiVersion: apiVersionOf(scope.resource),
    subresource: scope.subresource ?? "",
  };
}

export function setManagers(object: ApiObject, managers: readonly Manager[]): void {
  const entries = toManagedFields(managers);
  if (entries.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = entries;
}

function losing(manager: Manager, sets: readonly Manager["fields"][]): Manager {
  const fields = sets.reduce((left, set) => differenceOf(left, set), manager.fields);
  return { ...manager, fields };
}

/** A client that sends an empty list forgets who managed what; one that sends none keeps it. */
function startingFields(
  object: ApiObject,
  stored: ApiObject | undefined,
): readonly Fields[] | undefined {
  const given = object.metadata.managedFields;
  if (given === undefined) return stored?.metadata.managedFields;
  const isReset = given.every((entry) => isFields(entry) && Object.keys(entry).length === 0);
  if (isReset) return [];
  return stored?.metadata.managedFields ?? given;
}
