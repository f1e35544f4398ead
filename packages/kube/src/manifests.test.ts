import { expect, test } from "vitest";
import { parseManifests } from "./manifests.ts";

test("keeps every field of a definition, whatever its name", () => {
  const [crd] = parseManifests(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec: {versions: [{schema: {openAPIV3Schema: {enum: [a], default: a, x-kubernetes-preserve-unknown-fields: true}}}]}
`);
  expect(crd).toHaveProperty("spec.versions.0.schema.openAPIV3Schema", {
    enum: ["a"],
    default: "a",
    "x-kubernetes-preserve-unknown-fields": true,
  });
});

test("reads several documents, opens lists and passes over empty ones", () => {
  const text = `
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: a}}
- {apiVersion: v1, kind: Pod, metadata: {name: b}}
---
# nothing here
---
{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "c"}}
`;
  expect(parseManifests(text).map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
});

test.each([
  ["a: [", /document 1 is not YAML/],
  ["just text", /document 1 is no object/],
  ["kind: Pod\nmetadata: {}", /no apiVersion/],
  ["{apiVersion: v1, kind: Pod}", /no metadata/],
])("says what is wrong with %j", (text, problem) => {
  expect(() => parseManifests(text)).toThrow(problem);
});
