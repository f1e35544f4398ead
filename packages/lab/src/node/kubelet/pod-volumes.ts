import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { Cluster } from "@drover/kube";
import type { ClusterLayout } from "../../lab-layout.ts";
import { nfsDirectory, volumeDirectory } from "../../storage/volume-directory.ts";
import { namespaceOf } from "../kinds/lab-kind.ts";
import type { Pod, Volume } from "../kinds/pod.ts";
import { PersistentVolume, PersistentVolumeClaim } from "../kinds/storage.ts";
import { accountVolume, podFiles } from "./pod-files.ts";

export type VolumeSources = {
  readonly cluster: Cluster;
  readonly layout: ClusterLayout;
  readonly podDir: string;
  readonly podIP: string;
};

/** The real directory behind a volume of a pod, and whether the pod may only read it. */
export type PreparedVolume = { readonly directory: string; readonly readOnly: boolean };

/** The volume with the token of the pod's account; kubelets mount it without being asked in the pod's spec. */
export const accountVolumeName = "kube-api-access";
export const accountMountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The volume that the spec does not name but the pod gets, unless it declines. */
const account: Volume = { name: accountVolumeName, ...accountVolume };

/** Prepares the volume with the account's token, if the pod wants it. Throws when there is no such account. */
export async function prepareAccount(
  pod: Pod,
  sources: VolumeSources,
): Promise<Map<string, PreparedVolume>> {
  if (pod.spec.automountServiceAccountToken === false) return new Map();
  return new Map([[account.name, await prepareVolume(pod, account, sources)]]);
}

/** Prepares every volume of a pod's spec. Throws a sentence for the pod's events when one cannot be had. */
export async function prepareVolumes(
  pod: Pod,
  sources: VolumeSources,
): Promise<Map<string, PreparedVolume>> {
  const volumes = pod.spec.volumes ?? [];
  const prepared = new Map<string, PreparedVolume>();
  for (const volume of volumes)
    prepared.set(volume.name, await prepareVolume(pod, volume, sources));
  return prepared;
}

async function prepareVolume(
  pod: Pod,
  volume: Volume,
  sources: VolumeSources,
): Promise<PreparedVolume> {
  const directory = join(sources.podDir, "volumes", volume.name);
  const files = await podFiles(pod, volume, sources);
  if (files !== undefined) {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    for (const { path, bytes, mode } of files) {
      const file = join(directory, posix.normalize(posix.join("/", path)));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
      await chmod(file, mode);
    }
    return { directory, readOnly: true };
  }
  return outsideVolume(pod, volume, { ...sources, directory });
}

async function outsideVolume(
  pod: Pod,
  volume: Volume,
  sources: VolumeSources & { readonly directory: string },
): Promise<PreparedVolume> {
  const { persistentVolumeClaim: claim, emptyDir, nfs, hostPath } = volume;
  if (claim !== undefined) {
    const directory = await claimDirectory(pod, claim.claimName, sources);
    return { directory, readOnly: claim.readOnly === true };
  }
  if (nfs !== undefined) {
    return made(nfsDirectory(sources.layout, nfs.path), nfs.readOnly === true);
  }
  if (hostPath !== undefined) {
    // Never the machine's own files: a pod sees a folder of the lab that stands for the node's disk.
    return made(
      join(sources.layout.hostPathDir, posix.normalize(posix.join("/", hostPath.path))),
      false,
    );
  }
  if (emptyDir !== undefined) return made(sources.directory, false);
  throw new Error(`Volume ${volume.name} is of a sort that cannot be mounted here.`);
}

async function made(directory: string, readOnly: boolean): Promise<PreparedVolume> {
  await mkdir(directory, { recursive: true });
  return { directory, readOnly };
}

async function claimDirectory(
  pod: Pod,
  claimName: string,
  sources: VolumeSources,
): Promise<string> {
  const { cluster, layout } = sources;
  const claim = await cluster.find(PersistentVolumeClaim, {
    namespace: namespaceOf(pod),
    name: claimName,
  });
  const volumeName = claim?.spec.volumeName;
  if (volumeName === undefined || claim?.status?.phase !== "Bound") {
    throw new Error(`PersistentVolumeClaim ${claimName} is not bound to a volume.`);
  }
  const volume = await cluster.find(PersistentVolume, { name: volumeName });
  const directory = volume === undefined ? undefined : volumeDirectory(layout, volume);
  if (directory === undefined) {
    throw new Error(
      `PersistentVolume ${volumeName} has no directory here; its driver is not the lab's.`,
    );
  }
  await mkdir(directory, { recursive: true });
  return directory;
}
