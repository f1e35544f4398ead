import type { KubeObject } from "@drover/crds";
import { parseAllDocuments } from "yaml";
import { isRecord } from "./failure.ts";
import { KubeError } from "./kube-error.ts";

/**
 * The objects of a YAML or JSON text, `List`s opened, empty documents left out. Plain values as the API takes them:
 * client-node's own loader renames fields (`_enum`, `x_kubernetes_…`) for its models and would lose them here.
 */
export function parseManifests(text: string): KubeObject[] {
  return parseAllDocuments(text, { prettyErrors: false }).flatMap((document, index) => {
    const at = `document ${index + 1}`;
    const [problem] = document.errors;
    if (problem !== undefined) throw bad(`${at} is not YAML near character ${problem.pos[0]}`);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return value === null ? [] : objectsFrom(value, at);
  });
}

function objectsFrom(value: unknown, at: string): KubeObject[] {
  if (!isRecord(value)) throw bad(`${at} is no object`);
  if (value["kind"] === "List" && Array.isArray(value["items"]))
    return value["items"].flatMap((item) => objectsFrom(item, at));
  if (typeof value["apiVersion"] !== "string" || typeof value["kind"] !== "string")
    throw bad(`${at} has no apiVersion or no kind`);
  if (!isRecord(value["metadata"])) throw bad(`${at} has no metadata`);
  return [value as KubeObject];
}

function bad(why: string): KubeError {
  return new KubeError({
    code: 400,
    reason: "BadRequest",
    message: `The manifests cannot be read: ${why}.`,
  });
}
