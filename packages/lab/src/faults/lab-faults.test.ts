import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Service } from "../node/kinds/cluster-objects.ts";
import { typeOf } from "../node/kinds/lab-kind.ts";
import { isReady, Pod } from "../node/kinds/pod.ts";
import { PersistentVolumeClaim } from "../node/kinds/storage.ts";
import { sizedVolumesProblem } from "../storage/sized-volumes.ts";
import { skopeo } from "../testing/skopeo.ts";
import type { Skopeo } from "../testing/skopeo.ts";
import { outside, run } from "./testing/outside.ts";
import type { Outcome, Outside } from "./testing/outside.ts";

const sizedProblem = await sizedVolumesProblem();
const namespace = "default";
let lab: Outside;
let client: Skopeo;

beforeAll(async () => {
  lab = await outside({
    openshift: true,
    seed: true,
    sizedVolumes: sizedProblem === undefined,
  });
  client = await skopeo();
  const { error } = await lab.restic("init");
  if (error !== undefined) throw new Error(error);
});
afterAll(async () => {
  await client?.close();
  await lab?.close();
});
afterEach(() => lab.lab.faults.clear());

const set = (faults: Parameters<typeof lab.lab.faults.set>[0]) => lab.lab.faults.set(faults);
const source = (faults: object) => set({ clusters: { source: faults } });

async function backUp(bytes = 200_000): Promise<Outcome> {
  const folder = join(lab.lab.layout.cluster("source").dir, "to-back-up");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "bytes"), randomBytes(bytes));
  return lab.restic("backup", folder);
}

test.each([
  ["refused", /connect to/],
  ["hanging", /timed out/],
  ["unavailable", /503/],
] as const)("the object store is %s, and back", async (answer, words) => {
  await set({ objectStore: { answer } });
  expect((await lab.restic("snapshots")).error).toBeDefined();
  const { url } = lab.lab.objectStore;
  const curl = await run("curl", ["--fail", "-sS", "--max-time", "1", url]);
  expect(curl.error).toMatch(words);
  await lab.lab.faults.clear();
  expect((await lab.restic("snapshots")).error).toBeUndefined();
});

test("the object store is full: reading goes on, and writing when there is room again", async () => {
  expect((await backUp()).error).toBeUndefined();
  await set({ objectStore: { isFull: true } });
  expect((await backUp()).error).toMatch(/disk is full/);
  expect((await lab.restic("snapshots")).text).toMatch(/1 snapshots/);
  await lab.lab.faults.clear();
  expect((await backUp()).error).toBeUndefined();
});

test("the object store's clock is wrong: no signature is good", async () => {
  await set({ objectStore: { clockSkewSeconds: -3600 } });
  expect((await lab.restic("snapshots")).error).toMatch(/differ by more than 15 minutes/);
  await lab.lab.faults.clear();
  expect((await lab.restic("snapshots")).error).toBeUndefined();
});

test.each([
  ["refused", /EOF|reset|refused/],
  ["hanging", /deadline exceeded|timed? ?out/i],
  ["unavailable", /503|unavailable/i],
] as const)("the registry is %s, and back", async (registry, words) => {
  const cluster = lab.lab.cluster("source");
  const folder = await client.certificates(cluster);
  const inspect = () =>
    client.run(
      "--command-timeout",
      "3s",
      "inspect",
      "--cert-dir",
      folder,
      "--creds",
      `any:${cluster.adminToken}`,
      client.address(cluster, "shop/shop-web:1"),
    );
  expect(await inspect()).toContain("shop/shop-web");
  await source({ registry });
  await expect(inspect()).rejects.toThrow(words);
  await lab.lab.faults.clear();
  await expect.poll(() => inspect().catch(String)).toContain("RepoTags");
});

function pod(name: string, command: string, volume?: string): Pod {
  const mount = { name: "data", mountPath: "/data" };
  return {
    ...typeOf(Pod),
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      restartPolicy: "Never",
      containers: [
        {
          name: "c",
          image: "drover.lab/shell:1",
          command: ["sh", "-c", command],
          ...(volume === undefined ? {} : { volumeMounts: [mount] }),
        },
      ],
      ...(volume === undefined
        ? {}
        : { volumes: [{ name: "data", persistentVolumeClaim: { claimName: volume } }] }),
    },
  };
}

const found = (name: string): Promise<Pod> => lab.source.get(Pod, { namespace, name });

async function ended(name: string, command: string, volume?: string): Promise<string | undefined> {
  await lab.source.create(Pod, pod(name, command, volume));
  await expect.poll(async () => (await found(name)).status?.phase).toMatch(/ed$/);
  return (await found(name)).status?.phase;
}

test("no pod finds a node, and those that waited run when the node is open again", async () => {
  await source({ unschedulable: true });
  expect((await lab.kubectl("get", "nodes")).text).toContain("SchedulingDisabled");
  await lab.source.create(Pod, pod("waiting", "true"));
  const words = "0/1 nodes are available: 1 node(s) were unschedulable.";
  await expect
    .poll(async () => (await lab.kubectl("describe", "pod", "waiting")).text)
    .toContain(words);
  expect((await found("waiting")).status?.phase).toBe("Pending");
  await lab.lab.faults.clear();
  await expect.poll(async () => (await found("waiting")).status?.phase).toBe("Succeeded");
});

test("a node that somebody else closed stays closed", async () => {
  await lab.kubectl("cordon", "source-node");
  await source({ unschedulable: true });
  await lab.lab.faults.clear();
  expect((await lab.kubectl("get", "nodes")).text).toContain("SchedulingDisabled");
  await lab.kubectl("uncordon", "source-node");
});

test.skipIf(sizedProblem !== undefined)("a volume is full, and has room again", async () => {
  const ref = { namespace, name: "narrow" };
  await lab.source.create(PersistentVolumeClaim, {
    ...typeOf(PersistentVolumeClaim),
    metadata: ref,
    spec: {
      storageClassName: "sized",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "16Mi" } },
    },
  });
  const claim = () => lab.source.get(PersistentVolumeClaim, ref);
  await expect.poll(async () => (await claim()).status?.phase).toBe("Bound");
  const { volumeName = "" } = (await claim()).spec;
  await source({ fullVolumes: [volumeName] });
  const directory = join(lab.lab.cluster("source").volumesDir, volumeName);
  const df = execFileSync("df", ["--output=avail", directory], { encoding: "utf8" });
  expect(df.split("\n")[1]?.trim()).toBe("0");
  expect(execFileSync("ls", ["-A", directory], { encoding: "utf8" })).toBe("");
  expect(await ended("no-room", "head -c 100000 /dev/zero > data/file", "narrow")).toBe("Failed");
  expect((await lab.kubectl("logs", "no-room")).text).toContain("No space left on device");
  await lab.lab.faults.clear();
  expect(await ended("room", "head -c 100000 /dev/zero > data/file", "narrow")).toBe("Succeeded");

  await source({ fullVolumes: [volumeName] });
  for (const name of ["no-room", "room"]) await lab.source.delete(Pod, { namespace, name });
  await lab.source.delete(PersistentVolumeClaim, ref);
  await expect
    .poll(() => lab.kubectl("get", "pv").then(({ text }) => text))
    .not.toContain(volumeName);
});

test("a volume without a file system of its own cannot be full", async () => {
  const { text } = await lab.kubectl("get", "pvc", "-n", "shop", "-o", "name,volume");
  const path = "jsonpath={.spec.volumeName}";
  const volume = (await lab.kubectl("get", "pvc", "-n", "shop", "shop-data", "-o", path)).text;
  expect(volume, text).not.toBe("");
  await expect(source({ fullVolumes: [volume] })).rejects.toThrow(
    /only volumes of the class sized/,
  );
});

/** A Service in front of an rsync daemon with one file. */
async function rsyncService(): Promise<string> {
  const config = "port = 8730\\nuse chroot = no\\n[files]\\npath = %s/files\\n";
  const command = [
    "mkdir -p files && head -c 600000 /dev/urandom > files/one",
    `printf '${config}' "$PWD" > rsyncd.conf`,
    "exec rsync --daemon --no-detach --config=rsyncd.conf --address=$POD_IP </dev/null",
  ].join(" && ");
  const server = pod("rsync", command);
  const [container] = server.spec.containers;
  if (container === undefined) throw new Error("The pod has no container.");
  container.env = [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }];
  container.readinessProbe = { tcpSocket: { port: 8730 } };
  await lab.source.create(Pod, server);
  const service = await lab.source.create(Service, {
    ...typeOf(Service),
    metadata: { name: "rsync", namespace },
    spec: { selector: { app: "rsync" }, ports: [{ port: 8730 }] },
  });
  await expect.poll(async () => isReady(await found("rsync"))).toBe(true);
  return `rsync://${service.spec.clusterIP}:8730/files/one`;
}

test("the link is slow, gets cut in the middle, and is well again", async () => {
  const address = await rsyncService();
  const target = join(lab.lab.layout.cluster("source").dir, "copied");
  const copy = async (): Promise<Outcome> => {
    await rm(target, { force: true });
    return run("rsync", ["--timeout=10", address, target], {}, 15_000);
  };
  await expect.poll(async () => (await copy()).error).toBeUndefined();
  await source({ link: { bytesPerSecond: 300_000 } });
  const slow = await copy();
  expect(slow.error).toBeUndefined();
  expect(slow.ms).toBeGreaterThan(1_900);
  await source({ link: { latencyMs: 300 } });
  expect((await copy()).ms).toBeGreaterThan(1_000);

  await source({ link: { bytesPerSecond: 100_000 } });
  const copying = copy();
  await expect.poll(() => isThere(target)).toBe(true);
  await source({ link: { isCut: true } });
  expect((await copying).error).toMatch(/reset by peer|unexpectedly closed/);
  expect((await copy()).error).toMatch(/reset by peer|unexpectedly closed|error in socket/);
  await lab.lab.faults.clear();
  expect((await copy()).error).toBeUndefined();
});

/** rsync writes to a hidden file beside the target until it is whole. */
async function isThere(target: string): Promise<boolean> {
  const folder = join(target, "..");
  const { text } = await run("ls", ["-A", folder]);
  return text.includes(".copied.");
}

test("a file in the state folder says what goes wrong, and without it all is well", async () => {
  const path = lab.lab.layout.faults;
  const answer = async () => (await run("curl", ["-sS", lab.lab.objectStore.url])).text;
  await writeFile(path, "objectStore:\n  answer: unavailable\n");
  await expect.poll(answer).toContain("unavailable");
  await writeFile(path, "objectStore:\n  anwser: refused\n");
  await writeFile(`${path}.other`, "");
  expect(await answer()).toContain("unavailable");
  await rm(path);
  await expect.poll(answer).not.toContain("unavailable");
});
