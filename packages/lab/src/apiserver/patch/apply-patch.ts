import { StatusError, unsupportedMediaType } from "../http/status-error.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicPatch } from "./strategic-patch.ts";

export const APPLY = "application/apply-patch+yaml";
const JSON_PATCH = "application/json-patch+json";
const MERGE = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";

export type PatchInput = {
  readonly target: unknown;
  readonly patch: unknown;
  /** Absent where strategic merge patches are not supported, as for custom resources. */
  readonly schema: FieldSchema | undefined;
};

/** The target changed by a patch of the given media type; throws a 415 for a type it does not know. */
export function patchedWith(type: string, { target, patch, schema }: PatchInput): unknown {
  if (type === JSON_PATCH) return jsonPatch(target, patch);
  if (type === MERGE) return mergePatch(target, patch);
  if (type === STRATEGIC && schema !== undefined) return strategicPatch(target, patch, schema);
  // Only custom resources get as far as naming what they accept; routes of builtin kinds refuse before.
  throw schema === undefined
    ? unsupportedMediaType([JSON_PATCH, MERGE, APPLY])
    : new StatusError(415, "UnsupportedMediaType", {
        message: "415: Unsupported Media Type",
        details: {},
      });
}
