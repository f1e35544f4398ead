import { stat } from "node:fs/promises";
import { PersistentVolumeClaim, Pod } from "@drover/crds";
import type { VeleroContext } from "../context.ts";

export type PodVolume = {
  readonly namespace: string;
  readonly pod: string;
  /** The volume's name in the pod's spec. */
  readonly volume: string;
};

/** The real directory behind a volume of a pod: pod, claim, PersistentVolume, directory. Each gap is a sentence. */
export async function podVolumePath(
  { cluster, volumeDir }: VeleroContext,
  { namespace, pod: name, volume: volumeName }: PodVolume,
): Promise<string> {
  const pod = await cluster.find(Pod, { namespace, name });
  if (pod === undefined) throw new Error(`The pod ${namespace}/${name} does not exist any more.`);
  const volume = pod.spec.volumes?.find((candidate) => candidate.name === volumeName);
  const claimName = volume?.persistentVolumeClaim?.claimName;
  if (claimName === undefined) {
    throw new Error(
      `The volume "${volumeName}" of pod ${namespace}/${name} is not a PersistentVolumeClaim; only those are backed up.`,
    );
  }
  const claim = await cluster.find(PersistentVolumeClaim, { namespace, name: claimName });
  const volumeObject = claim?.spec.volumeName;
  if (volumeObject === undefined) {
    throw new Error(`The claim ${namespace}/${claimName} is not bound to a PersistentVolume.`);
  }
  const path = await volumeDir(volumeObject);
  if (path === undefined || !(await isDirectory(path))) {
    throw new Error(`The PersistentVolume ${volumeObject} has no directory on this node.`);
  }
  return path;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
