import { join, posix } from "node:path";
import type { ClusterLayout } from "../lab-layout.ts";
import { nameOf } from "../node/kinds/lab-kind.ts";
import type { PersistentVolume } from "../node/kinds/storage.ts";

/** The driver of the lab's own volumes; also the provisioner of its storage classes. */
export const directoryDriver = "directory.lab.drover.dev";

/** The server of the lab's NFS-like volumes. */
export const nfsServer = "nfs.lab.drover.dev";

/**
 * The real directory with a volume's data; undefined when the volume is of a sort the lab has no bytes of. Throws
 * when the volume names a place outside the lab.
 */
export function volumeDirectory(
  layout: Pick<ClusterLayout, "volumesDir" | "nfsDir">,
  volume: PersistentVolume,
): string | undefined {
  const { csi, nfs } = volume.spec;
  if (csi?.driver === directoryDriver)
    return join(layout.volumesDir, handleOf(volume, csi.volumeHandle));
  if (nfs !== undefined) return nfsDirectory(layout, nfs.path);
  return undefined;
}

/** The directory of an exported path; `..` cannot leave the export's root. */
export function nfsDirectory(layout: Pick<ClusterLayout, "nfsDir">, path: string): string {
  return join(layout.nfsDir, posix.normalize(posix.join("/", path)));
}

function handleOf(volume: PersistentVolume, handle: string): string {
  if (/^[a-z0-9A-Z][\w.-]*$/.test(handle)) return handle;
  throw new Error(
    `PersistentVolume ${nameOf(volume)} has the volumeHandle "${handle}", which cannot be a directory name; use letters, digits, ".", "_" and "-".`,
  );
}
