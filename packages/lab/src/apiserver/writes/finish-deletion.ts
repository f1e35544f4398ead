import type { ApiObject } from "../json.ts";
import { strategyFor } from "../kinds/strategy-table.ts";
import type { StoredEntry } from "../store/stored-entry.ts";
import type { WriteScope } from "./write-scope.ts";

/** Takes the object out of the store and returns its last state. */
export function finishDeletion(scope: WriteScope, entry: StoredEntry, last: ApiObject): ApiObject {
  if (scope.dryRun) return last;
  const removed = scope.server.store.remove(scope.resource.storage, { ...entry, object: last });
  strategyFor(scope.resource).afterDelete?.(removed.object, scope);
  return removed.object;
}
