import { z } from "zod";

/** Names an object anywhere in a cluster. */
export const ObjectReference = z
  .looseObject({
    apiVersion: z.string().optional(),
    fieldPath: z.string().optional(),
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
    resourceVersion: z.string().optional(),
    uid: z.string().optional(),
  })
  .meta({ "x-kubernetes-map-type": "atomic" });
export type ObjectReference = z.infer<typeof ObjectReference>;

/** A reference that names something: upstream counts one without namespace or name as not set. */
export type SetReference = ObjectReference & { name: string; namespace: string };

/** True when the reference carries both a namespace and a name. */
export function isRefSet(ref: ObjectReference | undefined): ref is SetReference {
  return Boolean(ref?.name) && Boolean(ref?.namespace);
}

/** True when a set reference names the object. */
export function refersTo(
  ref: ObjectReference | undefined,
  object: {
    readonly metadata: {
      readonly name?: string | undefined;
      readonly namespace?: string | undefined;
    };
  },
): boolean {
  return (
    isRefSet(ref) &&
    ref.name === object.metadata.name &&
    ref.namespace === object.metadata.namespace
  );
}
