import type { ApiObject } from "../json.ts";
import type { WriteScope } from "./write-scope.ts";

export function trackFields(
  _scope: WriteScope,
  _object: ApiObject,
  _stored: ApiObject | undefined,
): void {
  return;
}
