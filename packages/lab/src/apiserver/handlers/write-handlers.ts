import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { badRequest, invalid, UndecodableError } from "../http/status-error.ts";
import type { StatusError } from "../http/status-error.ts";
import { invalidValue } from "../field-causes.ts";
import { isTrue } from "../http/request-info.ts";
import { isFields } from "../json.ts";
import type { ApiObject } from "../json.ts";
import { APPLY, patchedWith } from "../patch/apply-patch.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { schemaOfResource } from "../schema/schema-of-resource.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { applyObject } from "../writes/apply-object.ts";
import { createObject } from "../writes/create-object.ts";
import { mediaType, objectFrom, parseBody, parseObject } from "../writes/decode.ts";
import { updateObject } from "../writes/update-object.ts";
import type { WriteScope } from "../writes/write-scope.ts";
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
  return objectFrom(parseObject(request, request.resource), request.resource);
}

export function patchHandler(server: ServerContext, request: ResourceRequest): Answer {
  const type = mediaType(request.incoming.headers["content-type"]);
  const { resource } = request;
  const name = request.info.name ?? "";
  const scope = writeScope(server, request);
  if (type === APPLY) return applyHandler(scope, request);
  if (request.query.has("force")) {
    throw badRequest("force: Forbidden: may not be specified for non-apply patch");
  }
  const patch = parseBody(request.body, "application/json");
  const schema = resource.custom === undefined ? schemaOfResource(resource) : undefined;
  let patched: unknown;
  try {
    const updated = updateObject(scope, name, (stored) => {
      const shown = inRequestedVersion(stored, resource);
      patched = patchedWith(type, { target: shown, patch, schema });
      const object = objectFrom(patched, resource);
      checkPatchedUid(resource, object, stored);
      return inStorageVersion(object, resource);
    });
    return jsonAnswer(inRequestedVersion(updated, resource));
  } catch (error) {
    throw error instanceof UndecodableError ? badResult(patched, error.text) : error;
  }
}

/** What a patch made is no object of the kind; Kubernetes blames the patch, and names no kind. */
function badResult(patched: unknown, text: string): StatusError {
  const cause = invalidValue("patch", JSON.stringify(patched), text);
  return invalid({ group: "", plural: "", kind: "" }, "", [cause]);
}

function checkPatchedUid(resource: ResourceInfo, object: ApiObject, stored: ApiObject): void {
  const { uid, name } = object.metadata;
  if (uid === undefined || uid === stored.metadata.uid) return;
  throw invalid(resource, name, [invalidValue("metadata.uid", uid, "field is immutable")]);
}

function applyHandler(scope: WriteScope, request: ResourceRequest): Answer {
  const { resource, info, query, body } = request;
  const given = parseBody(body, "application/yaml");
  if (!isFields(given) || given["apiVersion"] === undefined || given["kind"] === undefined) {
    throw badRequest("the applied object must have an apiVersion and a kind");
  }
  const named = query.get("fieldManager") ?? "";
  const applied = inStorageVersion(objectFrom(given, resource), resource);
  const { object, created } = applyObject({ ...scope, fieldManager: named }, info.name ?? "", {
    applied,
    force: isTrue(query.get("force")),
  });
  return jsonAnswer(inRequestedVersion(object, resource), created ? 201 : 200);
}
