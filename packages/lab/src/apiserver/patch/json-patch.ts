import fastJsonPatch from "fast-json-patch";
import type { Operation } from "fast-json-patch";
import { badRequest, StatusError } from "../http/status-error.ts";
import { isFields } from "../json.ts";

/** RFC 6902, with Kubernetes' answers to a patch that does not apply. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isFields)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch",
    );
  }
  const operations = patch as unknown as Operation[];
  try {
    const applied = fastJsonPatch.applyPatch(structuredClone(target), operations, true, true, true);
    return applied.newDocument;
  } catch (error) {
    // Kubernetes says no more than this; the reason is for whoever reads our logs.
    const message = "the server rejected our request due to an error in our request";
    throw new StatusError(422, "Invalid", { message, details: {}, cause: error });
  }
}
