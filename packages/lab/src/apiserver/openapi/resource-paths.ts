import type { Fields } from "../json.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { OpenApiVersion } from "./custom-definitions.ts";

const WRITE_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation"];
const APPLY_PARAMETERS = [...WRITE_PARAMETERS, "force"];

const COLLECTION: readonly (readonly [verb: string, method: string, action: string])[] = [
  ["list", "get", "list"],
  ["create", "post", "post"],
  ["deletecollection", "delete", "deletecollection"],
];
const ITEM: readonly (readonly [verb: string, method: string, action: string])[] = [
  ["get", "get", "get"],
  ["update", "put", "put"],
  ["patch", "patch", "patch"],
  ["delete", "delete", "delete"],
];

/** The paths of one resource, with what clients look for in them: kinds and supported parameters. */
export function resourcePaths(info: ResourceInfo, version: OpenApiVersion): Fields {
  const apiVersion = apiVersionOf(info);
  const root = info.group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  const base = info.namespaced ? `${root}/namespaces/{namespace}` : root;
  const collection = operations(info, COLLECTION, version);
  const item = operations(info, ITEM, version);
  return {
    [`${base}/${info.plural}`]: collection,
    ...(Object.keys(item).length === 0 ? {} : { [`${base}/${info.plural}/{name}`]: item }),
  };
}

function operations(
  info: ResourceInfo,
  rows: readonly (readonly [verb: string, method: string, action: string])[],
  version: OpenApiVersion,
): Fields {
  const { group, kind, version: kindVersion } = info;
  const result: Fields = {};
  for (const [verb, method, action] of rows) {
    if (!info.verbs.includes(verb)) continue;
    result[method] = {
      operationId: `${action}${info.group.replaceAll(/[^A-Za-z]/g, "")}${kindVersion}${kind}`,
      parameters: parametersOf(method).map((name) => parameter(name, version)),
      responses: { "200": { description: "OK" } },
      "x-kubernetes-action": action,
      "x-kubernetes-group-version-kind": { group, kind, version: kindVersion },
    };
  }
  return result;
}

function parametersOf(method: string): readonly string[] {
  if (method === "get") return [];
  return method === "patch" ? APPLY_PARAMETERS : WRITE_PARAMETERS;
}

function parameter(name: string, version: OpenApiVersion): Fields {
  const type = name === "force" ? "boolean" : "string";
  const base = { name, in: "query" };
  return version === "v2"
    ? { ...base, type, uniqueItems: true }
    : { ...base, schema: { type, uniqueItems: true } };
}
