import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { typeOf } from "../node/kinds/lab-kind.ts";
import { isReady, Pod } from "../node/kinds/pod.ts";
import { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../node/kinds/storage.ts";
import { runningLab } from "../testing/running-lab.ts";
import type { RunningLab } from "../testing/running-lab.ts";
import { directoryDriver } from "./volume-directory.ts";

let running: RunningLab;
let host: Cluster;
const namespace = "default";

beforeAll(async () => {
  running = await runningLab({ clusters: ["host", "source"] });
  const { url, caPem, adminToken } = running.lab.cluster("host");
  host = connect({ url, caPem, token: adminToken });
});
afterAll(async () => {
  await host.close();
  await running.close();
});

type Wish = { readonly storageClassName: string; readonly volumeName?: string };

async function boundVolume(cluster: Cluster, name: string, wish: Wish): Promise<PersistentVolume> {
  const ref = { namespace, name };
  await cluster.create(PersistentVolumeClaim, {
    ...typeOf(PersistentVolumeClaim),
    metadata: { ...ref },
    spec: {
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: "1Mi" } },
      ...wish,
    },
  });
  const found = () => cluster.get(PersistentVolumeClaim, ref);
  await expect.poll(async () => (await found()).status?.phase).toBe("Bound");
  return cluster.get(PersistentVolume, { name: (await found()).spec.volumeName ?? "" });
}

function ask(name: string, storage: string): Promise<PersistentVolumeClaim> {
  const body = { spec: { resources: { requests: { storage } } } };
  const ref = { namespace, name };
  return running.source.patch(PersistentVolumeClaim, ref, { type: "merge", body });
}

async function capacityOf(name: string): Promise<string | undefined> {
  const claim = await running.source.get(PersistentVolumeClaim, { namespace, name });
  return claim.status?.capacity?.["storage"];
}

test("an NFS volume is one directory, whichever cluster a pod reaches it from", async () => {
  const { spec } = await boundVolume(running.source, "shared", { storageClassName: "nfs" });
  expect(spec).toMatchObject({
    storageClassName: "nfs",
    nfs: { server: "nfs.lab.drover.dev" },
  });
  expect(spec.csi).toBeUndefined();
  const path = spec.nfs?.path ?? "";
  await writeFile(join(running.lab.layout.nfsDir, path, "letter"), "from source\n");

  // What moving a volume does: the other cluster gets a PersistentVolume with the same server and path.
  const nfs = { server: "nfs.lab.drover.dev", path };
  await host.create(PersistentVolume, {
    ...typeOf(PersistentVolume),
    metadata: { name: "moved" },
    spec: {
      nfs,
      capacity: { storage: "1Mi" },
      accessModes: ["ReadWriteMany"],
      storageClassName: "nfs",
      persistentVolumeReclaimPolicy: "Retain",
    },
  });
  await boundVolume(host, "shared", { storageClassName: "nfs", volumeName: "moved" });
  await host.create(Pod, {
    ...typeOf(Pod),
    metadata: { name: "reader", namespace },
    spec: {
      containers: [
        {
          name: "c",
          image: "drover.lab/shell:1",
          command: ["sh", "-c", "cp data/letter data/answer; sleep 100"],
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "shared" } }],
    },
  });
  const reader = { namespace, name: "reader" };
  await expect.poll(async () => isReady(await host.get(Pod, reader))).toBe(true);
  const answer = () =>
    readFile(join(running.lab.layout.nfsDir, path, "answer"), "utf8").catch(() => "");
  await expect.poll(answer).toBe("from source\n");
});

test("a claim that asks for more gets it", async () => {
  const { metadata } = await boundVolume(running.source, "grows", { storageClassName: "standard" });
  expect(await capacityOf("grows")).toBe("1Mi");
  await ask("grows", "3Mi");
  await expect.poll(() => capacityOf("grows")).toBe("3Mi");
  const volume = await running.source.get(PersistentVolume, { name: metadata.name ?? "" });
  expect(volume.spec.capacity).toEqual({ storage: "3Mi" });
});

test("a claim whose class does not grow keeps the size it has", async () => {
  await running.source.create(StorageClass, {
    ...typeOf(StorageClass),
    metadata: { name: "fixed" },
    provisioner: directoryDriver,
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
    allowVolumeExpansion: false,
  });
  await boundVolume(running.source, "stays", { storageClassName: "fixed" });
  // A server may refuse to be asked, or let nothing come of it.
  await Promise.allSettled([ask("stays", "3Mi")]);
  await boundVolume(running.source, "grows-later", { storageClassName: "standard" });
  await ask("grows-later", "2Mi");
  await expect.poll(() => capacityOf("grows-later")).toBe("2Mi");
  expect(await capacityOf("stays")).toBe("1Mi");
});
