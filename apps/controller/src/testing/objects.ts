import {
  MigCluster,
  MigPlan,
  MigStorage,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
  StorageClass,
} from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { ADMIN_TOKEN, NAMESPACE, create } from "./test-cluster.ts";
import type { TestCluster } from "./test-cluster.ts";

/** Registers a test cluster; its token lies in a Secret of the same name. */
export async function registerCluster(
  host: Cluster,
  name: string,
  remote: TestCluster | "host",
  spec: Partial<MigCluster["spec"]> = {},
): Promise<void> {
  const metadata = { name, namespace: NAMESPACE };
  if (remote === "host") {
    await create(host, MigCluster, { metadata, spec: { isHostCluster: true, ...spec } });
    return;
  }
  const saToken = Buffer.from(ADMIN_TOKEN).toString("base64");
  await create(host, Secret, { metadata, data: { saToken } });
  await create(host, MigCluster, {
    metadata,
    spec: {
      isHostCluster: false,
      url: remote.server.url,
      caBundle: remote.caBundle,
      serviceAccountSecretRef: { name, namespace: NAMESPACE },
      ...spec,
    },
  });
}

export type StoreAccess = {
  readonly url: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

export async function addStorage(
  host: Cluster,
  name: string,
  { url, bucket, accessKey, secretKey }: StoreAccess,
): Promise<void> {
  const metadata = { name, namespace: NAMESPACE };
  await create(host, Secret, {
    metadata,
    data: {
      "aws-access-key-id": Buffer.from(accessKey).toString("base64"),
      "aws-secret-access-key": Buffer.from(secretKey).toString("base64"),
    },
  });
  await create(host, MigStorage, {
    metadata,
    spec: {
      backupStorageProvider: "aws",
      backupStorageConfig: { awsBucketName: bucket, awsS3Url: url, credsSecretRef: metadata },
    },
  });
}

export function addPlan(host: Cluster, name: string, spec: MigPlan["spec"]): Promise<MigPlan> {
  const ref = (referred: string) => ({ name: referred, namespace: NAMESPACE });
  return create(host, MigPlan, {
    metadata: { name, namespace: NAMESPACE },
    spec: {
      srcMigClusterRef: ref("source"),
      destMigClusterRef: ref("host"),
      migStorageRef: ref("store"),
      ...spec,
    },
  });
}

export async function addStorageClass(
  cluster: Cluster,
  name: string,
  { provisioner, isDefault = false }: { provisioner: string; isDefault?: boolean },
): Promise<void> {
  const annotations = { "storageclass.kubernetes.io/is-default-class": String(isDefault) };
  await create(cluster, StorageClass, { metadata: { name, annotations }, provisioner });
}

export type ClaimFacts = {
  readonly namespace: string;
  readonly name: string;
  readonly storageClass: string;
  readonly volume?: Partial<PersistentVolume["spec"]>;
};

/** A claim bound to a volume named `pv-<name>`. */
export async function addBoundClaim(cluster: Cluster, facts: ClaimFacts): Promise<void> {
  const { namespace, name, storageClass, volume = {} } = facts;
  const volumeName = `pv-${name}`;
  const storage = "1Gi";
  const common = { accessModes: ["ReadWriteOnce" as const], storageClassName: storageClass };
  const csi = { driver: "directory.lab.drover.dev", volumeHandle: volumeName };
  await create(cluster, PersistentVolume, {
    metadata: { name: volumeName },
    spec: {
      ...common,
      capacity: { storage },
      claimRef: { namespace, name },
      ...("nfs" in volume || "hostPath" in volume ? {} : { csi }),
      ...volume,
    },
  });
  await create(cluster, PersistentVolumeClaim, {
    metadata: { name, namespace },
    spec: { ...common, resources: { requests: { storage } }, volumeName },
  });
  const bound = { type: "merge", body: { status: { phase: "Bound" } } } as const;
  await cluster.patchSubresource(PersistentVolume, { name: volumeName }, "status", bound);
  await cluster.patchSubresource(PersistentVolumeClaim, { name, namespace }, "status", bound);
}

export async function addPod(
  cluster: Cluster,
  { name, namespace, spec = {}, status }: PodInput,
): Promise<void> {
  await create(cluster, Pod, {
    metadata: { name, namespace },
    spec: { containers: [{ name: "main", image: "quay.io/x/y" }], ...spec },
  });
  const body = { status };
  await cluster.patchSubresource(Pod, { name, namespace }, "status", { type: "merge", body });
}

type PodInput = {
  readonly name: string;
  readonly namespace: string;
  readonly spec?: Partial<Pod["spec"]>;
  readonly status: Pod["status"];
};
