import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { Secret, crdManifest, migrationKinds, veleroKinds } from "./index.ts";
import type { ResourceKind, StructuralSchema } from "./index.ts";

const fixture = new URL("./documented-manifests.fixture.yaml", import.meta.url);
const manifests = parseAllDocuments(readFileSync(fixture, "utf8")).map(
  (document) => document.toJS() as { kind: string; metadata: { name: string } },
);
const kinds: readonly ResourceKind[] = [...migrationKinds, ...veleroKinds, Secret];

describe("a manifest of the product documents", () => {
  it("exists for each of the ten kinds, MigrationController, Backup, Restore and Secret", () => {
    expect(new Set(manifests.map(({ kind }) => kind)).size).toBe(14);
  });

  it.each(manifests)("parses without loss: $kind $metadata.name", (manifest) => {
    const kind = kinds.find((one) => one.kind === manifest.kind);
    expect(kind?.schema.parse(manifest)).toEqual(manifest);
  });

  it.each(manifests.filter(({ kind }) => kind !== "Secret"))(
    "is accepted by the CustomResourceDefinition: $kind $metadata.name",
    (manifest) => {
      const kind = kinds.find((one) => one.kind === manifest.kind);
      const version = kind && crdManifest(kind).spec.versions[0];
      const schema = version?.schema?.openAPIV3Schema as StructuralSchema;
      expect(refusals(schema, manifest, manifest.kind)).toEqual([]);
    },
  );
});

describe("the checker of this test", () => {
  const plan = migrationKinds.find(({ kind }) => kind === "MigPlan");
  const schema = (plan && crdManifest(plan).spec.versions[0]?.schema?.openAPIV3Schema) ?? {};

  it("refuses what a server would", () => {
    const wrong = {
      spec: {
        closed: "yes",
        namespaces: [1],
        hooks: [{ phase: "PreBackup" }],
        persistentVolumes: [
          { capacity: "ten", supported: { actions: [], copyMethods: [] }, selection: {} },
        ],
      },
    };
    expect(refusals(schema, wrong, "MigPlan").toSorted()).toEqual([
      "MigPlan.spec.closed: not a boolean",
      "MigPlan.spec.hooks[0]: lacks executionNamespace",
      "MigPlan.spec.hooks[0]: lacks reference",
      "MigPlan.spec.hooks[0]: lacks serviceAccount",
      "MigPlan.spec.namespaces[0]: not a string",
      "MigPlan.spec.persistentVolumes[0].capacity: not in the pattern",
    ]);
  });
});

/** What a server would refuse of a value, by the structural schema. */
function refusals(schema: StructuralSchema, value: unknown, path: string): string[] {
  if (value === null) return schema.nullable || !schema.type ? [] : [`${path}: null`];
  if (schema["x-kubernetes-int-or-string"]) return refusedAmount(schema, value, path);
  const wrong = wrongValue(schema, value);
  if (wrong !== undefined) return [`${path}: ${wrong}`];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => refusals(schema.items ?? {}, item, `${path}[${index}]`));
  }
  return typeof value === "object" ? refusedFields(schema, Object.entries(value), path) : [];
}

function wrongValue(schema: StructuralSchema, value: unknown): string | undefined {
  if (schema.type && !isOfType(schema.type, value)) return `not a ${schema.type}`;
  return schema.enum?.includes(value) === false ? "not in the list" : undefined;
}

function refusedFields(
  schema: StructuralSchema,
  fields: readonly (readonly [string, unknown])[],
  path: string,
): string[] {
  const names = new Set(fields.map(([name]) => name));
  const lacking = (schema.required ?? []).filter((name) => !names.has(name));
  return [
    ...lacking.map((name) => `${path}: lacks ${name}`),
    ...fields.flatMap(([name, field]) => {
      const known = schema.properties?.[name] ?? schema.additionalProperties ?? {};
      return refusals(known, field, `${path}.${name}`);
    }),
  ];
}

function refusedAmount(schema: StructuralSchema, value: unknown, path: string): string[] {
  if (Number.isInteger(value)) return [];
  if (typeof value !== "string") return [`${path}: neither integer nor string`];
  const isIn = new RegExp(schema.pattern ?? "").test(value);
  return isIn ? [] : [`${path}: not in the pattern`];
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && !Array.isArray(value);
  return typeof value === type;
}
