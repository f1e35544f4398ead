import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as door from "./index.ts";
import { apiVersionOf, migrationKinds, openshiftKinds, veleroKinds } from "./index.ts";
import type { ResourceKind } from "./index.ts";

type Json = { readonly [key: string]: unknown };

/** Every kind this package gives out, listed somewhere or not. */
const kinds = Object.values(door as Readonly<Record<string, unknown>>).filter(isKind);

function isKind(value: unknown): value is ResourceKind {
  return typeof value === "object" && value !== null && "schema" in value && "plural" in value;
}

describe("a schema", () => {
  it("of every listed kind is among those tried", () => {
    const listed: readonly ResourceKind[] = [...migrationKinds, ...veleroKinds, ...openshiftKinds];
    expect(kinds).toEqual(expect.arrayContaining([...listed]));
    expect(kinds.length).toBeGreaterThan(listed.length);
  });

  it.each(kinds)("keeps every field, known and unknown, at every level: $kind", (kind) => {
    const random = generator(kind.kind.length * 7919 + kind.plural.length);
    const schema = z.toJSONSchema(kind.schema, { io: "input", unrepresentable: "any" });
    for (let round = 0; round < 40; round += 1) {
      const object = {
        ...(sample(schema as Json, random, 0) as object),
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        metadata: {
          name: `object-${round}`,
          labels: { a: "b" },
          newer: { nested: [1] },
          ...(round % 2 === 0 ? { creationTimestamp: null } : {}),
        },
      };
      const expected = "spec" in object ? object : { ...object, ...defaults(schema as Json) };
      expect(kind.schema.parse(object)).toEqual(expected);
    }
  });

  it.each(kinds)("refuses another kind with the name of the right one: $kind", (kind) => {
    const result = kind.schema.safeParse({
      apiVersion: "v1",
      kind: "Other",
      metadata: {},
      spec: {},
    });
    expect(result.error?.issues.map(({ message }) => message)).toContain(`Must be "${kind.kind}".`);
  });
});

function defaults(schema: Json): Json {
  const spec = (schema["properties"] as Record<string, Json> | undefined)?.["spec"];
  return spec?.["default"] === undefined ? {} : { spec: spec["default"] };
}

const leaves: Readonly<Record<string, (schema: Json, random: () => number) => unknown>> = {
  string: (schema, random) =>
    pick((schema["enum"] as string[] | undefined) ?? ["", "newer-value", "ä:b"], random),
  integer: (_, random) => Math.floor(random() * 1000) - 500,
  number: (_, random) => Math.floor(random() * 1000) - 500,
  boolean: (_, random) => random() < 0.5,
  null: () => null,
};

/** A value of the schema, with fields no schema knows mixed in. */
function sample(schema: Json, random: () => number, depth: number): unknown {
  const alternatives = schema["anyOf"] as readonly Json[] | undefined;
  if (alternatives) return sample(pick(alternatives, random), random, depth);
  const declared = schema["type"];
  const type = Array.isArray(declared) ? pick(declared as string[], random) : String(declared);
  if (type === "object") return sampleObject(schema, random, depth);
  if (type === "array") {
    const length = Math.floor(random() * 3);
    return Array.from({ length }, () => sample((schema["items"] ?? {}) as Json, random, depth + 1));
  }
  const leaf = leaves[type];
  return leaf ? leaf(schema, random) : { anything: [random() < 0.5, { deep: "x" }] };
}

function sampleObject(schema: Json, random: () => number, depth: number): Json {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Json>);
  const required = new Set((schema["required"] as string[] | undefined) ?? []);
  const chosen = properties.filter(([name]) => required.has(name) || random() < 0.6);
  const fields = chosen.map(([name, field]) => [name, sample(field, random, depth + 1)]);
  const rest = (schema["additionalProperties"] ?? {}) as Json;
  return { ...Object.fromEntries(fields), newerField: sample(rest, random, depth + 1) };
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** The same numbers on every run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
