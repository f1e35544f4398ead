import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { badRequest, invalid, methodNotAllowed } from "../http/status-error.ts";
import { invalidValue } from "../field-causes.ts";
import { at, childOf, isFields, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { patchedWith } from "../patch/apply-patch.ts";
import { schemaOfScale } from "../schema/schema-of-resource.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { mediaType, parseBody } from "../writes/decode.ts";
import { updateObject } from "../writes/update-object.ts";
import { selectorText } from "../kinds/selector-text.ts";
import { findEntry } from "./read-handlers.ts";
import { inRequestedVersion } from "./versioned.ts";
import { writeScope } from "./write-options.ts";

type ScalePaths = {
  readonly replicas: readonly string[];
  readonly status: readonly string[];
  readonly selector: readonly string[];
};

const EXPECTED = { apiVersion: "autoscaling/v1", kind: "Scale" };

const BUILTIN_PATHS: ScalePaths = {
  replicas: ["spec", "replicas"],
  status: ["status", "replicas"],
  selector: ["spec", "selector"],
};

export function getScaleHandler(server: ServerContext, request: ResourceRequest): Answer {
  return jsonAnswer(scaleOf(findEntry(server, request).object, request.resource));
}

/** Changes only how many replicas are wanted, through the Scale view of the object. */
export function writeScaleHandler(server: ServerContext, request: ResourceRequest): Answer {
  const { resource, method, info } = request;
  const type = request.incoming.headers["content-type"];
  const body =
    method === "PATCH"
      ? parseBody(request.body, "application/json")
      : parseBody(request.body, type, EXPECTED);
  const updated = updateObject(writeScope(server, request), info.name ?? "", (stored) => {
    const shown = scaleOf(inRequestedVersion(stored, resource), resource);
    const scale =
      method === "PATCH"
        ? patchedWith(mediaType(type), { target: shown, patch: body, schema: schemaOfScale() })
        : body;
    return withReplicas(stored, scale, resource);
  });
  return jsonAnswer(scaleOf(updated, resource));
}

function pathsOf(resource: ResourceInfo): ScalePaths {
  if (resource.custom === undefined) return BUILTIN_PATHS;
  const { scale } = resource.custom;
  if (scale === undefined) throw methodNotAllowed();
  const steps = (field: string): string[] =>
    (textOf(scale[field]) ?? "").split(".").filter((step) => step !== "");
  return {
    replicas: steps("specReplicasPath"),
    status: steps("statusReplicasPath"),
    selector: steps("labelSelectorPath"),
  };
}

function scaleOf(object: ApiObject, resource: ResourceInfo): ApiObject {
  const paths = pathsOf(resource);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = selectorText(
    paths.selector.length === 0 ? undefined : at(object, ...paths.selector),
  );
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as ApiObject["metadata"],
    spec: { replicas: numberOf(at(object, ...paths.replicas)) ?? 0 },
    status: {
      replicas: numberOf(at(object, ...paths.status)) ?? 0,
      ...(selector === "" ? {} : { selector }),
    },
  };
}

function withReplicas(stored: ApiObject, scale: unknown, resource: ResourceInfo): ApiObject {
  if (!isFields(scale)) throw badRequest("the body must be a Scale");
  const replicas = at(scale, "spec", "replicas") ?? 0;
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
    const subject = { group: "autoscaling", plural: "scales", kind: "Scale" };
    throw invalid(subject, stored.metadata.name, [
      invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"),
    ]);
  }
  const version = textOf(at(scale, "metadata", "resourceVersion")) ?? "";
  const object = structuredClone(stored);
  if (version !== "") object.metadata.resourceVersion = version;
  const path = pathsOf(resource).replicas;
  let parent: Fields = object;
  for (const step of path.slice(0, -1)) parent = childOf(parent, step);
  parent[path.at(-1) ?? "replicas"] = replicas;
  return object;
}
