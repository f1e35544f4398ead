import { z } from "zod";
import { ObjectMeta, apiVersionOf } from "./resource.ts";
import type { KubeObject, ResourceKind } from "./resource.ts";

/** A column `oc get` prints for a kind. */
export type PrinterColumn = {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date" | "number";
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: number;
};

/** What the server's discovery and CustomResourceDefinition say about a kind beside its schema. */
export type KindTraits = {
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly printerColumns: readonly PrinterColumn[];
  /** True when the server keeps `status` behind its own subresource. */
  readonly statusSubresource: boolean;
};

type Definition<Fields extends z.core.$ZodLooseShape> = Pick<
  ResourceKind,
  "group" | "version" | "kind" | "plural"
> &
  Partial<KindTraits> & {
    /** True when absent. */
    readonly namespaced?: boolean;
    /** The fields beside `apiVersion`, `kind` and `metadata`. */
    readonly fields: Fields;
  };

type ObjectFields = {
  apiVersion: z.ZodString;
  kind: z.ZodString;
  metadata: typeof ObjectMeta;
};

/** The schema of a kind's objects: named fields are checked, unknown ones are kept. */
export type ObjectSchema<Fields extends z.core.$ZodLooseShape> = z.ZodObject<
  ObjectFields & Fields,
  z.core.$loose
>;

/** A kind of ours: a `ResourceKind` whose schema keeps its exact type. */
export type DefinedKind<S extends z.ZodType = z.ZodType<KubeObject>> = Omit<
  ResourceKind,
  "schema"
> &
  KindTraits & { readonly schema: S };

/** Defines a kind from its fields; `apiVersion`, `kind` and `metadata` are added. */
export function defineKind<const Fields extends z.core.$ZodLooseShape>(
  definition: Definition<Fields>,
): DefinedKind<ObjectSchema<Fields>> {
  const { fields, ...rest } = definition;
  const schema = z.looseObject({
    apiVersion: exactly(apiVersionOf(rest)),
    kind: exactly(rest.kind),
    metadata: ObjectMeta,
    ...fields,
  }) as ObjectSchema<Fields>;
  return {
    namespaced: true,
    singular: rest.kind.toLowerCase(),
    listKind: `${rest.kind}List`,
    shortNames: [],
    printerColumns: [],
    statusSubresource: false,
    ...rest,
    schema,
  } as DefinedKind<ObjectSchema<Fields>>;
}

// The type stays `string`, so that `apiVersionOf(kind)` and `kind.kind` can be written into objects.
function exactly(expected: string): z.ZodString {
  return z.string().refine((value) => value === expected, { error: `Must be "${expected}".` });
}
