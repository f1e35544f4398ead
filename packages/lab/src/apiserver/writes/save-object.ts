import type { ApiObject } from "../json.ts";
import type { WriteScope } from "./write-scope.ts";

/** Stores the object and returns it as stored; a dry run only says what would be there. */
export function saveObject(scope: WriteScope, object: ApiObject): ApiObject {
  const stored: ApiObject = { ...object, apiVersion: scope.resource.storageVersion };
  if (scope.dryRun) {
    return JSON.parse(JSON.stringify(stored)) as ApiObject;
  }
  return scope.server.store.put(scope.resource.storage, stored).object;
}
