import { Annotation, PersistentVolume } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { RawObject } from "../raw-object.ts";
import type { RunLog } from "../run-log.ts";

/**
 * Makes sure that a volume about to move survives the deletion of its claim here: its reclaim policy becomes Retain,
 * and what it was is kept in an annotation. Returns the object as it is afterwards.
 */
export async function retainMovedVolume(
  cluster: Cluster,
  volume: RawObject,
  log: RunLog,
): Promise<RawObject> {
  const { annotations = {}, name = "" } = volume.metadata;
  if (annotations[Annotation.migrateType] !== "move") return volume;
  const spec = volume["spec"] as PersistentVolume["spec"];
  const policy = spec.persistentVolumeReclaimPolicy ?? "Delete";
  if (policy === "Retain") return volume;
  log.info(`The PersistentVolume ${name} moves: its reclaim policy ${policy} becomes Retain.`);
  const patched = await cluster.patch(
    PersistentVolume,
    { name },
    {
      type: "merge",
      body: {
        metadata: { annotations: { [Annotation.originalReclaimPolicy]: policy } },
        spec: { persistentVolumeReclaimPolicy: "Retain" },
      },
    },
  );
  return patched as unknown as RawObject;
}
