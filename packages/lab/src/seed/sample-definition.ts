import type { Manifest } from "./manifests.ts";
import { head } from "./manifests.ts";

type Names = { readonly group: string; readonly kind: string };

/** The definition of a kind that only an application knows, with a few plain fields below `spec`. */
export function sampleDefinition({ group, kind }: Names, fields: readonly string[]): Manifest {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const properties = Object.fromEntries(fields.map((name) => [name, { type: "string" }]));
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", properties } },
    },
  };
  return {
    ...head("apiextensions.k8s.io/v1", "CustomResourceDefinition", ["", `${plural}.${group}`]),
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular, listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
