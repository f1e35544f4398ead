import { ResourceList } from "@drover/contract";
import type { KubeObject } from "@drover/crds";
import type { z } from "zod";

/** An object as it leaves this server. */
export const SavedObject = ResourceList.shape.items.element;
export type SavedObject = z.infer<typeof SavedObject>;

/** What a cluster returned always has a name. Who wrote which field is long, and nobody reads it. */
export function savedObject(object: KubeObject): SavedObject {
  const { name, managedFields: _, ...metadata } = object.metadata;
  if (name === undefined) throw new Error(`The cluster returned a ${object.kind} without a name.`);
  return { ...object, metadata: { name, ...metadata } };
}
