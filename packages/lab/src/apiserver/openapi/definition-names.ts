import { BUILTIN_RESOURCES } from "../resources/builtin-resources.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { builtinSchema } from "../schema/builtin-schema.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import { modelOf } from "../schema/model-names.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const META_TYPES = new Set([
  "V1Condition",
  "V1DeleteOptions",
  "V1LabelSelector",
  "V1LabelSelectorRequirement",
  "V1ManagedFieldsEntry",
  "V1ObjectMeta",
  "V1OwnerReference",
  "V1Preconditions",
]);

const names = new Map<string, string>();

/** What OpenAPI calls a builtin type: `io.k8s.api.apps.v1.DeploymentSpec` for `V1DeploymentSpec`. */
export function definitionName(model: string): string {
  if (names.size === 0) nameEverything();
  return names.get(model) ?? `io.k8s.api.core.v1.${bareName(model)}`;
}

/** `io.openshift.migration.v1alpha1.MigPlan` for a custom kind of `migration.openshift.io`. */
export function customDefinitionName(info: ResourceInfo): string {
  const reversed = info.group.split(".").reverse().join(".");
  return `${reversed}.${info.version}.${info.kind}`;
}

/** A helper type belongs to the first group that uses it. */
function nameEverything(): void {
  for (const model of META_TYPES) names.set(model, `${META}.${bareName(model)}`);
  for (const info of BUILTIN_RESOURCES) {
    nameFrom(modelOf(info), `${packageOf(info)}.${info.version}`);
  }
}

function packageOf({ group }: ResourceInfo): string {
  if (group === "apiextensions.k8s.io")
    return "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions";
  if (group === "apiregistration.k8s.io") return "io.k8s.kube-aggregator.pkg.apis.apiregistration";
  return `io.k8s.api.${group === "" ? "core" : (group.split(".")[0] ?? group)}`;
}

function nameFrom(model: string, where: string): void {
  if (names.has(model)) return;
  const schema = builtinSchema(model);
  if (schema === undefined) return;
  names.set(model, `${where}.${bareName(model)}`);
  for (const field of schema.fieldNames) {
    for (const used of modelsIn(schema.field(field))) nameFrom(used, where);
  }
}

function modelsIn(schema: FieldSchema | undefined): string[] {
  switch (schema?.kind) {
    case "struct":
      return schema.name === undefined ? [] : [schema.name];
    case "list":
      return modelsIn(schema.items);
    case "map":
      return modelsIn(schema.values);
    default:
      return [];
  }
}

function bareName(model: string): string {
  return model.replace(/^.*?V\d+(?:(?:alpha|beta)\d+)?(?=[A-Z])/, "");
}
