import { z } from "zod";
import type { KindTraits } from "./define-kind.ts";
import type { CustomResourceDefinition } from "./kubernetes/custom-resource-definition.ts";
import type { ResourceKind } from "./resource.ts";
import { structuralSchema } from "./structural-schema.ts";

export type CrdOptions = {
  /** Accepts any fields, for kinds that are only stood in for. */
  readonly open?: boolean;
};

/**
 * The CustomResourceDefinition of a kind, with a structural schema made from its zod schema.
 * Unknown fields are preserved at every level.
 */
export function crdManifest(
  kind: ResourceKind & Partial<KindTraits>,
  options: CrdOptions = {},
): CustomResourceDefinition {
  const schema = options.open
    ? { type: "object", "x-kubernetes-preserve-unknown-fields": true }
    : objectSchema(kind);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.plural}.${kind.group}` },
    spec: {
      group: kind.group,
      names: names(kind),
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      versions: [
        {
          name: kind.version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          ...(kind.statusSubresource ? { subresources: { status: {} } } : {}),
          ...(kind.printerColumns?.length
            ? { additionalPrinterColumns: kind.printerColumns.map((column) => ({ ...column })) }
            : {}),
        },
      ],
    },
  };
}

function names(
  kind: ResourceKind & Partial<KindTraits>,
): CustomResourceDefinition["spec"]["names"] {
  return {
    kind: kind.kind,
    listKind: kind.listKind ?? `${kind.kind}List`,
    plural: kind.plural,
    singular: kind.singular ?? kind.kind.toLowerCase(),
    ...(kind.shortNames?.length ? { shortNames: [...kind.shortNames] } : {}),
  };
}

function objectSchema(kind: ResourceKind): Record<string, unknown> {
  const { properties, required, ...root } = structuralSchema(
    z.toJSONSchema(kind.schema, { io: "input", reused: "inline", unrepresentable: "any" }),
  );
  const own = (required ?? []).filter((name) => !["apiVersion", "kind", "metadata"].includes(name));
  return {
    ...root,
    ...(own.length > 0 ? { required: own } : {}),
    // The server checks these three itself, and refuses schemas that say more about metadata.
    properties: {
      ...properties,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
    },
  };
}
