/** What kind of value a field holds, for merging, owning, pruning and describing it. */
export type FieldSchema = ScalarSchema | ListSchema | MapSchema | StructSchema | AnySchema;

export type ScalarSchema = { readonly kind: "scalar"; readonly type: ScalarType };
export type ScalarType =
  | "string"
  | "boolean"
  | "int32"
  | "int64"
  | "integer"
  | "number"
  | "time"
  | "bytes"
  | "quantity"
  | "int-or-string";

export type ListSchema = {
  readonly kind: "list";
  readonly items: FieldSchema;
  /** How server-side apply sees it: one value, a set of values, or objects told apart by `keys`. */
  readonly listType: "atomic" | "set" | "map";
  readonly keys: readonly string[];
  /** Key and strategy of strategic merge patches. */
  readonly patchKey?: string;
  readonly patchMerge: boolean;
  /** Values of key fields that a client may leave out. */
  readonly keyDefaults?: Readonly<Record<string, unknown>>;
};

export type MapSchema = {
  readonly kind: "map";
  readonly values: FieldSchema;
  readonly atomic: boolean;
};

export type StructSchema = {
  readonly kind: "struct";
  /** Where the builtin type is described; undefined for custom resources. */
  readonly name?: string;
  readonly field: (name: string) => FieldSchema | undefined;
  readonly fieldNames: readonly string[];
  readonly required: ReadonlySet<string>;
  readonly atomic: boolean;
};

/** Anything goes; merged field by field when it is an object. */
export type AnySchema = { readonly kind: "any" };

export const ANY: AnySchema = { kind: "any" };
