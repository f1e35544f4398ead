import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PlanStorageClass,
  PlanVolumeSelection,
  VolumeAction,
} from "@drover/crds";

export type DiscoveredVolume = {
  readonly volume: PersistentVolume;
  readonly claim: PersistentVolumeClaim;
};

/** What can be done with a volume. */
export function supportedActions(
  { spec }: PersistentVolume,
  moveStorageClasses: readonly string[],
): VolumeAction[] {
  if (spec.hostPath) return ["skip"];
  const isMovable =
    spec.nfs !== undefined ||
    spec.awsElasticBlockStore !== undefined ||
    moveStorageClasses.includes(spec.storageClassName ?? "");
  return isMovable ? ["skip", "copy", "move"] : ["skip", "copy"];
}

/** The choice made for the user until they make their own. */
export function defaultSelection(
  discovered: DiscoveredVolume,
  actions: readonly VolumeAction[],
  classes: Classes,
): PlanVolumeSelection {
  const [only, ...others] = actions;
  const isBlock = discovered.volume.spec.volumeMode === "Block";
  return {
    action: others.length === 0 && only ? only : "copy",
    copyMethod: isBlock ? "block" : "filesystem",
    storageClass: suggestedClass(discovered, classes)?.name ?? "",
    verify: false,
  };
}

export type Classes = {
  readonly source: readonly PlanStorageClass[];
  readonly destination: readonly PlanStorageClass[];
};

/** The target class that is most like the source's: same provisioner, same name first; else the target's default. */
export function suggestedClass(
  { volume, claim }: DiscoveredVolume,
  { source, destination }: Classes,
): PlanStorageClass | undefined {
  const isShared = volume.spec.nfs !== undefined || volume.spec.glusterfs !== undefined;
  const shared = isShared ? cephClass(claim, destination) : undefined;
  const alike = classLike(volume.spec.storageClassName ?? "", { source, destination });
  return shared ?? alike ?? destination.find((one) => one.default);
}

function classLike(name: string, { source, destination }: Classes): PlanStorageClass | undefined {
  const provisioner = source.find((one) => one.name === name)?.provisioner;
  if (provisioner === undefined) return undefined;
  const alike = destination.filter((one) => one.provisioner === provisioner);
  return alike.find((one) => one.name === name) ?? alike[0];
}

function cephClass(
  claim: PersistentVolumeClaim,
  destination: readonly PlanStorageClass[],
): PlanStorageClass | undefined {
  const suffix = cephSuffix(claim.spec.accessModes ?? []);
  return destination.find((one) => one.provisioner?.endsWith(suffix));
}

function cephSuffix(modes: readonly string[]): string {
  const isOnlyOnce = modes.includes("ReadWriteOnce") && !modes.includes("ReadWriteMany");
  return isOnlyOnce ? "rbd.csi.ceph.com" : "cephfs.csi.ceph.com";
}

/** True when a Gluster volume would better go to Ceph and the target has none. */
export function lacksCeph({ volume, claim }: DiscoveredVolume, { destination }: Classes): boolean {
  if (volume.spec.glusterfs === undefined) return false;
  return cephClass(claim, destination) === undefined;
}
