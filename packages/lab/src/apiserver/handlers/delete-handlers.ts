import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { badRequest, invalid, StatusError } from "../http/status-error.ts";
import { notSupported, invalidValue } from "../field-causes.ts";
import { fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { parseBody } from "../writes/decode.ts";
import { deleteObject } from "../writes/delete-object.ts";
import type { Deletion, DeleteRequest } from "../writes/delete-object.ts";
import type { WriteScope } from "../writes/write-scope.ts";
import { listPage } from "./list-objects.ts";
import { inRequestedVersion } from "./versioned.ts";
import { dryRunOf, writeScope } from "./write-options.ts";

export function deleteHandler(server: ServerContext, request: ResourceRequest): Answer {
  const { options, scope } = readDeletion(server, request);
  const name = request.info.name ?? "";
  return deletionAnswer(request.resource, deleteObject(scope, name, options));
}

/** Deletes everything a list with the same query would show, and answers with that list. */
export function deleteCollectionHandler(server: ServerContext, request: ResourceRequest): Answer {
  const { options, scope } = readDeletion(server, request);
  const { resource } = request;
  const items = listPage(server, request).entries.map((entry) => {
    const { namespace, name } = entry.object.metadata;
    const own: WriteScope = { ...scope, namespace };
    return deleteIfThere(own, name, options) ?? entry.object;
  });
  return jsonAnswer({
    kind: resource.listKind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      ...(resource.custom === undefined ? {} : { continue: "" }),
      resourceVersion: String(server.store.revision),
    },
    items: items.map((item) => asItem(inRequestedVersion(item, resource), resource)),
  });
}

function asItem(object: ApiObject, resource: ResourceInfo): Fields {
  if (resource.custom !== undefined) return object;
  const { apiVersion: _version, kind: _kind, ...item } = object;
  return item;
}

function deleteIfThere(
  scope: WriteScope,
  name: string,
  options: DeleteRequest,
): ApiObject | undefined {
  try {
    return deleteObject(scope, name, options).object;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}

function readDeletion(
  server: ServerContext,
  request: ResourceRequest,
): { options: DeleteRequest; scope: WriteScope } {
  const body = bodyOptions(request);
  const scope = writeScope(server, request);
  const dryRun =
    scope.dryRun ||
    dryRunOf(listOf(body["dryRun"]).filter((v): v is string => typeof v === "string"));
  return { options: deleteOptions(request, body), scope: { ...scope, dryRun } };
}

function bodyOptions(request: ResourceRequest): Fields {
  if (request.body.length === 0) return {};
  const type = request.incoming.headers["content-type"];
  const parsed = parseBody(request.body, type, EXPECTED);
  if (!isFields(parsed)) throw badRequest("the body of a DELETE must be DeleteOptions");
  const kind = parsed["kind"];
  if (kind !== undefined && kind !== "DeleteOptions") {
    throw badRequest(`${String(kind)} cannot be handled as a DeleteOptions`);
  }
  return parsed;
}

const EXPECTED = { apiVersion: "v1", kind: "DeleteOptions" };
const OPTIONS = { group: "meta.k8s.io", plural: "deleteoptions", kind: "DeleteOptions" };
const POLICIES = ["Foreground", "Background", "Orphan"] as const;

function deleteOptions(request: ResourceRequest, body: Fields): DeleteRequest {
  const grace = body["gracePeriodSeconds"] ?? request.query.get("gracePeriodSeconds") ?? undefined;
  const preconditions = fieldsOf(body["preconditions"]);
  return {
    gracePeriodSeconds: graceOf(grace),
    propagation: propagationOf(request, body),
    uid: textOf(preconditions["uid"]),
    resourceVersion: textOf(preconditions["resourceVersion"]),
  };
}

function graceOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isInteger(seconds)) return seconds;
  throw badRequest(`strconv.ParseInt: parsing "${String(value)}": invalid syntax`);
}

function propagationOf(request: ResourceRequest, body: Fields): DeleteRequest["propagation"] {
  const named = textOf(option(request, body, "propagationPolicy")) ?? "";
  const orphan = option(request, body, "orphanDependents");
  if (named === "") {
    if (orphan === undefined) return undefined;
    return orphan === true || orphan === "true" ? "Orphan" : "Background";
  }
  if (orphan !== undefined) throw setTwice(named);
  const policy = POLICIES.find((known) => known === named);
  if (policy !== undefined) return policy;
  throw invalid(OPTIONS, "", [notSupported("propagationPolicy", named, POLICIES)]);
}

/** Deletions are described by their body, or by their query. */
function option(request: ResourceRequest, body: Fields, name: string): unknown {
  return body[name] ?? request.query.get(name) ?? undefined;
}

function setTwice(policy: string): StatusError {
  const detail = "orphanDependents and deletionPropagation cannot be both set";
  return invalid(OPTIONS, "", [invalidValue("propagationPolicy", policy, detail)]);
}

/** Resources whose deletion is answered with the object itself. */
const RETURNED = new Set([
  "namespaces",
  "nodes",
  "persistentvolumes",
  "persistentvolumeclaims",
  "pods",
  "podtemplates",
  "resourcequotas",
  "serviceaccounts",
  "services",
  "storageclasses.storage.k8s.io",
  "csidrivers.storage.k8s.io",
  "csinodes.storage.k8s.io",
  "volumeattachments.storage.k8s.io",
]);

function deletionAnswer(resource: ResourceInfo, deletion: Deletion): Answer {
  const { object, gone } = deletion;
  if (!gone || RETURNED.has(resource.storage)) {
    return jsonAnswer(inRequestedVersion(object, resource));
  }
  return jsonAnswer({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: object.metadata.name,
      ...(resource.group === "" ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid,
    },
  });
}
