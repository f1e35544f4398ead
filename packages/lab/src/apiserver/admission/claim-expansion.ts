import { forbidden } from "../http/status-error.ts";
import { at, textOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import { compareQuantities } from "../schema/quantity.ts";
import type { WriteScope } from "../writes/write-scope.ts";

const WHY =
  "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";

/** Refuses to let a claim grow whose class cannot make volumes larger. */
export function checkExpansion(scope: WriteScope, claim: ApiObject, stored: ApiObject): void {
  if (scope.resource.storage !== "persistentvolumeclaims" || scope.subresource !== undefined)
    return;
  const size = (object: ApiObject): unknown =>
    at(object, "spec", "resources", "requests", "storage");
  if ((compareQuantities(size(claim), size(stored)) ?? 0) <= 0) return;
  const name = textOf(at(claim, "spec", "storageClassName")) ?? "";
  const found = scope.server.store.find("storageclasses.storage.k8s.io", undefined, name);
  if (found?.object["allowVolumeExpansion"] === true) return;
  throw forbidden(scope.resource, claim.metadata.name, WHY);
}
