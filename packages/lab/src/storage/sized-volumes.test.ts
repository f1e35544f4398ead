import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { typeOf } from "../node/kinds/lab-kind.ts";
import { Pod } from "../node/kinds/pod.ts";
import { PersistentVolume, PersistentVolumeClaim } from "../node/kinds/storage.ts";
import { runningLab } from "../testing/running-lab.ts";
import type { RunningLab } from "../testing/running-lab.ts";
import { sizedVolumesProblem } from "./sized-volumes.ts";

const problem = await sizedVolumesProblem();
const namespace = "default";
const claimRef = { namespace, name: "narrow" };
let running: RunningLab;

beforeAll(async () => {
  if (problem === undefined) running = await runningLab({ sizedVolumes: true });
});
afterAll(async () => {
  if (problem === undefined) await running.close();
});

async function volumeName(): Promise<string> {
  const bound = async () => {
    const claim = await running.source.get(PersistentVolumeClaim, claimRef);
    return claim.status?.phase === "Bound" ? claim.spec.volumeName : undefined;
  };
  await expect.poll(bound).toBeDefined();
  return (await bound()) ?? "";
}

async function writing(name: string, command: string): Promise<Pod> {
  await running.source.create(Pod, {
    ...typeOf(Pod),
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      containers: [
        {
          name: "c",
          image: "drover.lab/shell:1",
          command: ["sh", "-c", command],
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: claimRef.name } }],
    },
  });
  const phase = async () => (await running.source.get(Pod, { namespace, name })).status?.phase;
  await expect.poll(phase).toMatch(/Succeeded|Failed/);
  return running.source.get(Pod, { namespace, name });
}

async function logOf(name: string): Promise<string> {
  let text = "";
  for await (const line of running.source.logs({ namespace, name })) text += `${line}\n`;
  return text;
}

test.skipIf(problem !== undefined)("a volume that is full refuses what does not fit", async () => {
  await running.source.create(PersistentVolumeClaim, {
    ...typeOf(PersistentVolumeClaim),
    metadata: { ...claimRef },
    spec: {
      storageClassName: "sized",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "8Mi" } },
    },
  });
  const name = await volumeName();
  const directory = join(running.lab.cluster("source").volumesDir, name);
  expect(await readdir(directory)).toEqual([]);

  const fits = await writing("fits", "head -c 4194304 /dev/zero > data/first");
  expect(fits.status?.phase).toBe("Succeeded");
  const full = await writing("full", "head -c 8388608 /dev/zero > data/second");
  expect(full.status?.phase).toBe("Failed");
  expect(await logOf("full")).toContain("No space left on device");
  expect((await stat(join(directory, "first"))).size).toBe(4_194_304);
});

test.skipIf(problem !== undefined)("it is as full as before after a restart", async () => {
  const before = await volumeName();
  running = await running.again();
  expect(await volumeName()).toBe(before);
  const directory = join(running.lab.cluster("source").volumesDir, before);
  expect((await stat(join(directory, "first"))).size).toBe(4_194_304);
  const tooMuch = writeFile(join(directory, "third"), Buffer.alloc(8 * 1024 * 1024));
  await expect(tooMuch).rejects.toMatchObject({ code: "ENOSPC" });
});

test.skipIf(problem !== undefined)("it goes with its claim, file system and all", async () => {
  const { source, lab } = running;
  const name = await volumeName();
  for (const pod of ["fits", "full"]) await source.delete(Pod, { namespace, name: pod });
  await source.delete(PersistentVolumeClaim, claimRef);
  await expect.poll(() => source.find(PersistentVolume, { name })).toBeUndefined();
  const { volumesDir, volumeImagesDir } = lab.layout.cluster("source");
  expect(await readdir(volumesDir)).toEqual([]);
  expect(await readdir(volumeImagesDir)).toEqual([]);
});
