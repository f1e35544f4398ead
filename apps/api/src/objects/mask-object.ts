import { Secret } from "@drover/crds";
import type { KubeObject } from "@drover/crds";

const masked = "(masked)";
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function maskedMap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, masked]));
}

/**
 * The object without what must not leave: a Secret's values, and the copy of them that `kubectl apply` keeps in an
 * annotation of whatever it applied.
 */
export function maskObject(object: KubeObject): KubeObject {
  const { annotations, ...metadata } = object.metadata;
  const kept = Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([key]) => key !== lastApplied),
  );
  const clean = {
    ...object,
    metadata: annotations === undefined ? metadata : { ...metadata, annotations: kept },
  };
  if (object.kind !== Secret.kind) return clean;
  const { data, stringData } = object as Secret;
  return {
    ...clean,
    ...(data === undefined ? {} : { data: maskedMap(data) }),
    ...(stringData === undefined ? {} : { stringData: maskedMap(stringData) }),
  };
}
