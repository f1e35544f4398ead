import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { unsupportedMediaType } from "../http/status-error.ts";
import type { ApiObject } from "../json.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { createObject } from "../writes/create-object.ts";
import { mediaType, objectFrom, parseBody } from "../writes/decode.ts";
import { updateObject } from "../writes/update-object.ts";
import { inRequestedVersion, inStorageVersion } from "./versioned.ts";
import { writeScope } from "./write-options.ts";

export function createHandler(server: ServerContext, request: ResourceRequest): Answer {
  const given = bodyObject(request);
  const created = createObject(
    writeScope(server, request),
    inStorageVersion(given, request.resource),
  );
  return jsonAnswer(inRequestedVersion(created, request.resource), 201);
}

export function updateHandler(server: ServerContext, request: ResourceRequest): Answer {
  const given = inStorageVersion(bodyObject(request), request.resource);
  const updated = updateObject(writeScope(server, request), request.info.name ?? "", () => given);
  return jsonAnswer(inRequestedVersion(updated, request.resource));
}

function bodyObject(request: ResourceRequest): ApiObject {
  const parsed = parseBody(request.body, request.incoming.headers["content-type"]);
  return objectFrom(parsed, request.resource);
}

const PATCH_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

export function patchHandler(server: ServerContext, request: ResourceRequest): Answer {
  const type = mediaType(request.incoming.headers["content-type"]);
  const { resource } = request;
  const name = request.info.name ?? "";
  const scope = writeScope(server, request);
  const patch = parseBody(request.body, "application/json");
  const updated = updateObject(scope, name, (stored) => {
    const shown = inRequestedVersion(stored, resource);
    const patched = applyPatch(type, shown, patch);
    return inStorageVersion(objectFrom(patched, resource), resource);
  });
  return jsonAnswer(inRequestedVersion(updated, resource));
}

function applyPatch(type: string, target: ApiObject, patch: unknown): unknown {
  switch (type) {
    case "application/json-patch+json":
      return jsonPatch(target, patch);
    case "application/merge-patch+json":
    case "application/strategic-merge-patch+json":
      return mergePatch(target, patch);
    default:
      throw unsupportedMediaType(PATCH_TYPES);
  }
}
