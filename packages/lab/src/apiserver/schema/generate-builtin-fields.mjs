// Writes builtin-fields.json: the fields and field types of every builtin kind the lab serves, read from the models
// of @kubernetes/client-node. Run it again after an upgrade: node generate-builtin-fields.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BUILTIN_RESOURCES } from "../resources/builtin-resources.ts";
import { modelOf } from "./model-names.ts";

const kube = createRequire(new URL("../../../../kube/package.json", import.meta.url));
const models = join(dirname(kube.resolve("@kubernetes/client-node")), "gen", "models");

const SCALARS = {
  string: "string",
  boolean: "boolean",
  Date: "time",
  any: "any",
  object: "any",
  IntOrString: "int-or-string",
  V1MicroTime: "time",
};
const QUANTITIES = new Set([
  "V1ResourceRequirements.limits",
  "V1ResourceRequirements.requests",
  "V1VolumeResourceRequirements.limits",
  "V1VolumeResourceRequirements.requests",
  "V1PersistentVolumeSpec.capacity",
  "V1PersistentVolumeClaimStatus.capacity",
  "V1PersistentVolumeClaimStatus.allocatedResources",
  "V1NodeStatus.capacity",
  "V1NodeStatus.allocatable",
  "V1ResourceQuotaSpec.hard",
  "V1ResourceQuotaStatus.hard",
  "V1ResourceQuotaStatus.used",
  "V1LimitRangeItem.default",
  "V1LimitRangeItem.defaultRequest",
  "V1LimitRangeItem.max",
  "V1LimitRangeItem.maxLimitRequestRatio",
  "V1LimitRangeItem.min",
  "V1EmptyDirVolumeSource.sizeLimit",
  "V1ResourceFieldSelector.divisor",
  "V1PodSpec.overhead",
  "V1CSIStorageCapacity.capacity",
  "V1CSIStorageCapacity.maximumVolumeSize",
  "V1ContainerStatus.allocatedResources",
]);

const NUMBERS = { double: "number", int32: "int32", int64: "int64" };
const types = {};
const pending = [
  ...new Set([
    ...BUILTIN_RESOURCES.map(modelOf),
    "V1Scale",
    "V1Eviction",
    "AuthenticationV1TokenRequest",
    "V1DeleteOptions",
    "V1Binding",
  ]),
];
while (pending.length > 0) {
  const name = pending.pop();
  if (types[name] !== undefined) continue;
  types[name] = await fieldsOf(name);
}

async function fieldsOf(model) {
  const { [model]: type } = await import(join(models, `${model}.js`));
  const declarations = readFileSync(join(models, `${model}.d.ts`), "utf8");
  const fields = {};
  for (const attribute of type.attributeTypeMap) {
    const required = declarations.includes(`    '${attribute.name}': `);
    const quantity = QUANTITIES.has(`${model}.${attribute.baseName}`);
    fields[`${attribute.baseName}${required ? "!" : ""}`] = compact(attribute, quantity);
  }
  return fields;
}

function compact({ type, format }, quantity) {
  const list = /^Array<(.*)>$/.exec(type);
  if (list) return `[${compact({ type: list[1], format }, quantity)}]`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return `{${compact({ type: map[1], format }, quantity)}}`;
  if (type === "number") return NUMBERS[format] ?? "integer";
  if (type === "string" && quantity) return "quantity";
  if (type === "string" && format === "byte") return "bytes";
  if (SCALARS[type] !== undefined) return SCALARS[type];
  pending.push(type);
  return type;
}

const sorted = Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
const lines = Object.entries(sorted).map(
  ([name, fields]) => `${JSON.stringify(name)}: ${JSON.stringify(fields)}`,
);
writeFileSync(new URL("builtin-fields.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
