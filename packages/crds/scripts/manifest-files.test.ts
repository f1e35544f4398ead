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
      expect(await readFile(new URL(name, directory), "utf8"), name).toBe(text);
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

/** Where a schema breaks the rules the server has for structural schemas. */
function breaches(schema: StructuralSchema, path: string): string[] {
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const intOrString = schema["x-kubernetes-int-or-string"] === true;
  return [
    ...Object.keys(schema).flatMap((key) => (known.has(key) ? [] : [`${path}: unknown ${key}`])),
    ...(schema.type === undefined && !open && !intOrString ? [`${path}: no type`] : []),
    ...(schema.properties && schema.additionalProperties ? [`${path}: both kinds of fields`] : []),
    ...(schema.type === "array" && !schema.items ? [`${path}: no items`] : []),
    ...(schema.anyOf && !intOrString ? [`${path}: anyOf`] : []),
    ...(schema.required ?? []).flatMap((name) =>
      schema.properties?.[name] ? [] : [`${path}: requires unknown ${name}`],
    ),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      breaches(field, `${path}.${name}`),
    ),
    ...(schema.items ? breaches(schema.items, `${path}[]`) : []),
    ...(schema.additionalProperties ? breaches(schema.additionalProperties, `${path}{}`) : []),
  ];
}
