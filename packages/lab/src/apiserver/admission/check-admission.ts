import type { ApiObject } from "../json.ts";
import type { WriteScope } from "../writes/write-scope.ts";
import { checkExpansion } from "./claim-expansion.ts";
import { checkLimitRanges } from "./limit-ranges.ts";
import { checkQuotas } from "./quotas.ts";

/**
 * What stands between a valid object and the store: limit ranges, claims that may not grow, quotas. Gives back what
 * to do once the object is about to be written.
 */
export function checkAdmission(
  scope: WriteScope,
  object: ApiObject,
  stored: ApiObject | undefined,
): () => void {
  const isNew = stored === undefined;
  if (isNew || scope.resource.storage === "persistentvolumeclaims") {
    if (scope.subresource === undefined) checkLimitRanges(scope, object);
  }
  if (!isNew) checkExpansion(scope, object, stored);
  return checkQuotas(scope, object, stored);
}
