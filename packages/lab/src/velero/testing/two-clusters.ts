import { vi } from "vitest";
import { typeOf } from "../../node/kinds/lab-kind.ts";
import { Pod } from "../../node/kinds/pod.ts";
import { BackupStorageLocation, Namespace, Secret } from "@drover/crds";
import { connect, type Cluster } from "@drover/kube";
import { runningLab, type RunningLab } from "../../testing/running-lab.ts";
import type { LabOptions } from "../../lab.ts";

export const veleroNamespace = "openshift-migration";

export type TwoClusters = {
  readonly running: RunningLab;
  readonly source: Cluster;
  readonly host: Cluster;
  close(): Promise<void>;
};

/** The lab's clusters `source` and `host` without OpenShift and sample applications. */
export async function startTwoClusters(options: Partial<LabOptions> = {}): Promise<TwoClusters> {
  const running = await runningLab({ clusters: ["host", "source"], ...options });
  const { url, caPem, adminToken } = running.lab.cluster("host");
  const host = connect({ url, caPem, token: adminToken });
  return {
    running,
    host,
    source: running.source,
    async close() {
      await host.close();
      await running.close();
    },
  };
}

/** Makes a namespace, and settles when it lets pods in: their account comes a moment later. */
export async function createNamespace(cluster: Cluster, name: string): Promise<void> {
  await cluster.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const pod = {
    ...typeOf(Pod),
    metadata: { name: "probe", namespace: name },
    spec: { containers: [{ name: "main", image: "registry.k8s.io/pause:3" }] },
  };
  await vi.waitFor(() => cluster.create(Pod, pod, { dryRun: true }), { timeout: 60_000 });
}

/** Lets a cluster use the lab's object store under the name `store`. */
export async function addLocation(
  cluster: Cluster,
  { running }: Pick<TwoClusters, "running">,
  changes: { readonly secretKey?: string; readonly bucket?: string } = {},
): Promise<void> {
  const { objectStore } = running.lab;
  const ini = `[default]\naws_access_key_id=${objectStore.accessKey}\naws_secret_access_key=${
    changes.secretKey ?? objectStore.secretKey
  }\n`;
  const namespace = veleroNamespace;
  await cluster.apply(Secret, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cloud-credentials", namespace },
    data: { cloud: Buffer.from(ini).toString("base64") },
  });
  await cluster.apply(BackupStorageLocation, {
    apiVersion: "velero.io/v1",
    kind: "BackupStorageLocation",
    metadata: { name: "store", namespace },
    spec: {
      provider: "aws",
      objectStorage: { bucket: changes.bucket ?? objectStore.bucket, prefix: "velero" },
      config: { region: "us-east-1", s3Url: objectStore.url, s3ForcePathStyle: "true" },
    },
  });
}
