import { childOf, fieldsOf, listOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { ALL_VERBS } from "../resources/resource-info.ts";
import { definitionCauses } from "./definition-validation.ts";
import { timestamp } from "../writes/metadata.ts";
import type { Strategy } from "./strategy.ts";

/** Holds a definition until the last of its objects is gone. */
export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

/** Custom resource definitions: served as soon as they are stored. */
export const definitionStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    const names = childOf(spec, "names");
    const kind = textOf(names["kind"]) ?? "";
    names["singular"] ??= kind.toLowerCase();
    names["listKind"] ??= `${kind}List`;
    spec["conversion"] ??= { strategy: "None" };
  },
  prepareCreate(object, scope) {
    object["status"] = definitionStatus(object, timestamp(scope.server.now()));
  },
  prepareUpdate(object, stored) {
    if (object["status"] === undefined) return;
    const status = childOf(object, "status");
    const known = listOf(fieldsOf(stored["status"])["storedVersions"]);
    const storage = storageVersionOf(fieldsOf(object["spec"]));
    status["storedVersions"] = known.includes(storage) ? known : [...known, storage];
    status["acceptedNames"] = fieldsOf(fieldsOf(object["spec"])["names"]);
  },
  validate: (object, stored) => definitionCauses(object, stored),
  deletionFinalizers: [CLEANUP],
};

function storageVersionOf(spec: Fields): string | undefined {
  const versions = listOf(spec["versions"]).map(fieldsOf);
  return textOf(versions.find((version) => version["storage"] === true)?.["name"]);
}

function definitionStatus(object: ApiObject, now: string): Fields {
  const spec = fieldsOf(object["spec"]);
  const condition = (type: string, reason: string, message: string): Fields => ({
    type,
    status: "True",
    lastTransitionTime: now,
    reason,
    message,
  });
  return {
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    acceptedNames: fieldsOf(spec["names"]),
    storedVersions: [storageVersionOf(spec)],
  };
}

/** The resources a stored definition serves, one for each served version. */
export function resourcesOf(definition: ApiObject): readonly ResourceInfo[] {
  const spec = fieldsOf(definition["spec"]);
  const names = fieldsOf(spec["names"]);
  const versions = listOf(spec["versions"]).map(fieldsOf);
  const storageVersion = storageVersionOf(spec) ?? "v1";
  const group = textOf(spec["group"]) ?? "";
  const strings = (value: unknown): string[] =>
    listOf(value).filter((item): item is string => typeof item === "string");
  return versions
    .filter((version) => version["served"] === true)
    .map((version) => ({
      group,
      version: textOf(version["name"]) ?? "",
      kind: textOf(names["kind"]) ?? "",
      listKind: textOf(names["listKind"]) ?? "",
      plural: textOf(names["plural"]) ?? "",
      singular: textOf(names["singular"]) ?? "",
      shortNames: strings(names["shortNames"]),
      categories: strings(names["categories"]),
      namespaced: spec["scope"] === "Namespaced",
      verbs: ALL_VERBS,
      subresources: Object.keys(fieldsOf(version["subresources"])),
      storage: definition.metadata.name,
      storageVersion: `${group}/${storageVersion}`,
      custom: customVersion(version),
    }));
}

function customVersion(version: Fields): NonNullable<ResourceInfo["custom"]> {
  const schema = fieldsOf(version["schema"])["openAPIV3Schema"];
  const scale = fieldsOf(version["subresources"])["scale"];
  return {
    schema: schema === undefined ? undefined : fieldsOf(schema),
    printerColumns: listOf(version["additionalPrinterColumns"]).map(fieldsOf),
    scale: scale === undefined ? undefined : fieldsOf(scale),
    selectableFields: listOf(version["selectableFields"]).map(
      (field) => textOf(fieldsOf(field)["jsonPath"]) ?? "",
    ),
  };
}
