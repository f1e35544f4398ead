import { Annotation, StorageClass } from "@drover/crds";
import type { AccessMode, PlanStorageClass } from "@drover/crds";
import type { Cluster } from "@drover/kube";

type Modes = readonly AccessMode[];
type Provisioner = {
  readonly match: (name: string) => boolean;
  readonly filesystem: Modes;
  readonly block?: Modes;
};

const RWO: Modes = ["ReadWriteOnce"];
const RWO_ROX: Modes = ["ReadWriteOnce", "ReadOnlyMany"];
const ALL: Modes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"];

const is =
  (...names: readonly string[]) =>
  (name: string) =>
    names.includes(name);
const begins = (prefix: string) => (name: string) => name.startsWith(prefix);
const ends = (suffix: string) => (name: string) => name.endsWith(suffix);

/** What each provisioner is known to offer; upstream's table, and the CSI drivers that came after it. */
const PROVISIONERS: readonly Provisioner[] = [
  {
    match: is("kubernetes.io/azure-file", "kubernetes.io/glusterfs", "kubernetes.io/quobyte"),
    filesystem: ALL,
  },
  { match: is("kubernetes.io/gce-pd", "kubernetes.io/rbd"), filesystem: RWO_ROX },
  { match: is("kubernetes.io/scaleio", "kubernetes.io/storageos"), filesystem: RWO_ROX },
  { match: begins("gluster.org/glusterblock"), filesystem: RWO_ROX },
  {
    match: is("kubernetes.io/portworx-volume"),
    filesystem: ["ReadWriteOnce", "ReadWriteMany"],
  },
  { match: ends("cephfs.csi.ceph.com"), filesystem: ALL },
  { match: ends("rbd.csi.ceph.com"), filesystem: RWO, block: ALL },
  { match: is("netapp.io/trident"), filesystem: RWO_ROX, block: ALL },
  { match: is("csi.kubevirt.io"), filesystem: RWO, block: RWO },
  { match: is("nfs.csi.k8s.io", "efs.csi.aws.com", "file.csi.azure.com"), filesystem: ALL },
  { match: is("manila.csi.openstack.org", "filestore.csi.storage.gke.io"), filesystem: ALL },
  { match: is("pd.csi.storage.gke.io"), filesystem: RWO_ROX, block: RWO_ROX },
];

/** The storage classes of a cluster, as a plan's status lists them. */
export async function readStorageClasses(cluster: Cluster): Promise<PlanStorageClass[]> {
  const classes = (await cluster.list(StorageClass)).map(planStorageClass);
  return classes.toSorted((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));
}

export function planStorageClass({ metadata, provisioner }: StorageClass): PlanStorageClass {
  const { filesystem, block } = modesOf(provisioner);
  return {
    name: metadata.name ?? "",
    provisioner,
    default: isDefault(metadata.annotations),
    volumeAccessModes: [
      { volumeMode: "Filesystem", accessModes: [...filesystem] },
      ...(block ? [{ volumeMode: "Block" as const, accessModes: [...block] }] : []),
    ],
  };
}

function modesOf(provisioner: string): Omit<Provisioner, "match"> {
  return PROVISIONERS.find(({ match }) => match(provisioner)) ?? { filesystem: RWO };
}

function isDefault(annotations: Readonly<Record<string, string>> | undefined): boolean {
  const current = annotations?.[Annotation.defaultStorageClass];
  return (current ?? annotations?.[Annotation.defaultStorageClassBeta]) === "true";
}

/** The access modes that a class offers for a volume mode; undefined when it offers none. */
export function offeredModes(
  storageClass: PlanStorageClass,
  volumeMode: string,
): readonly string[] | undefined {
  return storageClass.volumeAccessModes?.find((entry) => entry.volumeMode === volumeMode)
    ?.accessModes;
}
