// Writes field-numbers.json: which protocol buffer field each field of a builtin kind is, read from the types in
// Kubernetes' own sources. Run it again after builtin-fields.json changed, with the folder that holds k8s.io/api and
// its neighbours: node generate-field-numbers.mjs KUBERNETES/staging/src/k8s.io
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import builtinFields from "../schema/builtin-fields.json" with { type: "json" };
import { BUILTIN_RESOURCES } from "../resources/builtin-resources.ts";
import { modelOf } from "../schema/model-names.ts";

const sources = process.argv[2];
if (sources === undefined) throw new Error("Name the folder that holds k8s.io/api.");

const META = "apimachinery/pkg/apis/meta/v1";
/** Types that are spelled in the table: their JSON does not show which message they are. */
const MARKS = {
  MicroTime: "u",
  JSONSchemaPropsOrBool: "b",
  JSONSchemaPropsOrArray: "a",
  JSONSchemaPropsOrStringArray: "s",
};
const packages = new Map();

/** The struct types and the aliases of a Go package. */
function packageAt(path) {
  const known = packages.get(path);
  if (known !== undefined) return known;
  const made = { path, structs: new Map(), aliases: new Map() };
  packages.set(path, made);
  const folder = join(sources, path);
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".go") || /generated|_test\.go$|conversion|doc\.go/.test(file)) continue;
    const text = readFileSync(join(folder, file), "utf8");
    const imports = importsOf(text);
    for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      made.structs.set(name, { imports, body, pkg: made });
    }
    for (const [, name, type] of text.matchAll(/^type (\w+) ([\w.[\]*]+)$/gm)) {
      made.aliases.set(name, { imports, type, pkg: made });
    }
  }
  return made;
}

function importsOf(text) {
  const found = text.matchAll(/^\s*(?:import )?(\w+ )?"k8s\.io\/([\w./-]+)"$/gm);
  return new Map([...found].map(([, as, path]) => [as?.trim() ?? path.split("/").at(-1), path]));
}

/** The struct a Go type names below its pointers, lists and maps; undefined for a scalar. */
function structOf(type, at) {
  const bare = type.replace(/^(?:\*|\[\]|map\[[\w.]+\])+/, "");
  const [, prefix, name] = /^(?:(\w+)\.)?(\w+)$/.exec(bare) ?? [];
  const path = prefix === undefined ? at.pkg.path : at.imports.get(prefix);
  if (path === undefined || name === undefined) return undefined;
  const pkg = packageAt(path);
  const alias = pkg.aliases.get(name);
  return pkg.structs.get(name) ?? (alias === undefined ? undefined : structOf(alias.type, alias));
}

const FIELD = /^\t(?:(\w+) )?([\w.[\]*]+)\s+`[^`]*?json:"([^"]*)"[^`]*?protobuf:"\w+,(\d+)/gm;

/** Rows of a struct: JSON name, number (`2.1` inside an embedded one), Go type. */
function rowsOf(struct, prefix = "") {
  const text = struct.body.replaceAll(/[ \t]+/g, (blank) => (blank.startsWith("\t") ? "\t" : " "));
  return [...text.replaceAll(/([^\n])\t/g, "$1 ").matchAll(FIELD)].flatMap(
    ([, , type, json, number]) => {
      const name = json.split(",")[0];
      if (name !== "") return [{ name, number: `${prefix}${number}`, type, at: struct }];
      return rowsOf(structOf(type, struct), `${prefix}${number}.`);
    },
  );
}

const numbers = {};

function visit(model, struct) {
  if (numbers[model] !== undefined) return;
  const fields = new Map(
    Object.entries(builtinFields[model]).map(([name, code]) => [name.replace(/!$/, ""), code]),
  );
  const rows = rowsOf(struct).filter(({ name }) => fields.has(name));
  numbers[model] = Object.fromEntries(rows.map((row) => [row.name, codeOf(row)]));
  for (const { name, type, at } of rows) {
    const below = fields.get(name).replaceAll(/[[\]{}]/g, "");
    if (builtinFields[below] !== undefined) visit(below, structOf(type, at));
  }
}

/** `2`, `2.1` inside an embedded message, with a star for a pointer and perhaps a mark. */
function codeOf({ number, type }) {
  const bare = type.replace(/^\*/, "").split(".").at(-1);
  return `${number}${type.startsWith("*") ? "*" : ""}${MARKS[bare] ?? ""}`;
}

function goPackage({ group, version }) {
  if (group === "apiextensions.k8s.io") {
    return `apiextensions-apiserver/pkg/apis/apiextensions/${version}`;
  }
  if (group === "apiregistration.k8s.io") {
    return `kube-aggregator/pkg/apis/apiregistration/${version}`;
  }
  return `api/${group === "" ? "core" : group.split(".")[0]}/${version}`;
}

for (const info of BUILTIN_RESOURCES) {
  // Another version of a kind has the fields of the one it is stored as.
  if (info.version !== "v1") continue;
  visit(modelOf(info), packageAt(goPackage(info)).structs.get(info.kind));
}
const others = [
  ["V1Scale", "api/autoscaling/v1", "Scale"],
  ["V1Eviction", "api/policy/v1", "Eviction"],
  ["AuthenticationV1TokenRequest", "api/authentication/v1", "TokenRequest"],
  ["V1DeleteOptions", META, "DeleteOptions"],
];
for (const [model, path, kind] of others) visit(model, packageAt(path).structs.get(kind));

const sorted = Object.entries(numbers).sort(([a], [b]) => (a < b ? -1 : 1));
const lines = sorted.map(([name, rows]) => `${JSON.stringify(name)}: ${JSON.stringify(rows)}`);
writeFileSync(new URL("field-numbers.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
