import type { ApiObject } from "../json.ts";
import { hasStatus } from "../resources/resource-info.ts";
import type { WriteScope } from "./write-scope.ts";

/** Status is not for the main resource to set where it has a subresource of its own. */
export function dropStatus(scope: WriteScope, object: ApiObject): void {
  if (hasStatus(scope.resource)) delete object["status"];
}

/** Brings an incoming object into the shape its schema asks for. */
export function prepareShape(_scope: WriteScope, _object: ApiObject): void {
  return;
}
