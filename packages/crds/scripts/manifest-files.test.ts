import { readFile, readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { crdManifest, migrationKinds, openshiftKinds, veleroKinds } from "../src/index.ts";
import type { StructuralSchema } from "../src/index.ts";
import { manifestFiles } from "./manifest-files.ts";

const directory = new URL("../manifests/", import.meta.url);

describe("the checked-in CustomResourceDefinitions", () => {
  it("are what the generator writes; run `node scripts/generate-manifests.ts` when this fails", async () => {
    const expected = manifestFiles();
    expect((await readdir(directory)).toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [name, text] of expected) {
      expect(await readFile(new URL(name, directory), "utf8")).toBe(text);
    }
  });

  it("have no status subresource on the kinds whose status upstream writes with plain updates", () => {
    const withSubresource = migrationKinds
      .filter((kind) => crdManifest(kind).spec.versions[0]?.subresources !== undefined)
      .map((kind) => kind.kind);
    expect(withSubresource).toEqual(["MigrationController"]);
  });

  it.each([...migrationKinds, ...veleroKinds, ...openshiftKinds])(
    "have a structural schema: $kind",
    (kind) => {
      const schema = crdManifest(kind).spec.versions[0]?.schema?.openAPIV3Schema;
      expect(breaches(schema as StructuralSchema, kind.kind)).toEqual([]);
    },
  );

  it("accept anything when only a stand-in is asked for", () => {
    const version = crdManifest(openshiftKinds[0], { open: true }).spec.versions[0];
    expect(version?.schema?.openAPIV3Schema).toEqual({
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
    });
  });

  it("read back as YAML into the same object", () => {
    const plan = migrationKinds.find((kind) => kind.kind === "MigPlan");
    const text = manifestFiles().get("migration.openshift.io_migplans.yaml");
    expect(parse(text ?? "")).toEqual(JSON.parse(JSON.stringify(plan && crdManifest(plan))));
  });
});

const known = new Set([
  "type",
  "format",
  "description",
  "nullable",
  "enum",
  "default",
  "pattern",
  "properties",
  "required",
  "items",
  "additionalProperties",
  "anyOf",
  "x-kubernetes-int-or-string",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
]);

type Rule = readonly [breach: string, holds: (schema: StructuralSchema) => boolean];

const isOpen = (schema: StructuralSchema) =>
  schema["x-kubernetes-preserve-unknown-fields"] === true;
const isAmount = (schema: StructuralSchema) => schema["x-kubernetes-int-or-string"] === true;

const rules: readonly Rule[] = [
  ["says something unknown", (schema) => Object.keys(schema).some((key) => !known.has(key))],
  ["has no type", (schema) => !schema.type && !isOpen(schema) && !isAmount(schema)],
  [
    "has named and other fields",
    (schema) => Boolean(schema.properties && schema.additionalProperties),
  ],
  ["is a list of nothing", (schema) => schema.type === "array" && !schema.items],
  ["has alternatives", (schema) => schema.anyOf !== undefined && !isAmount(schema)],
  [
    "requires a field it does not name",
    (schema) => (schema.required ?? []).some((name) => !schema.properties?.[name]),
  ],
];

/** Where a schema breaks the rules the server has for structural schemas. */
function breaches(schema: StructuralSchema, path: string): string[] {
  const parts = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items ? [["[]", schema.items] as const] : []),
    ...(schema.additionalProperties ? [["*", schema.additionalProperties] as const] : []),
  ];
  return [
    ...rules.filter(([, holds]) => holds(schema)).map(([breach]) => `${path} ${breach}`),
    ...parts.flatMap(([name, part]) => breaches(part, `${path}.${name}`)),
  ];
}
