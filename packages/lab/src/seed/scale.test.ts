import { expect, onTestFinished, test } from "vitest";
import { Namespace } from "../node/kinds/cluster-objects.ts";
import { Pod } from "../node/kinds/pod.ts";
import { PersistentVolumeClaim } from "../node/kinds/storage.ts";
import { runningLab } from "../testing/running-lab.ts";
import { seedScale } from "./scale.ts";

const patience = { timeout: 60_000, interval: 100 };
const labelSelector = "lab.drover.dev/scale=true";
const amounts = { namespaces: 40, pods: 120, claims: 10 };

test("generated namespaces, pods and claims are as many as asked for, and made once", async () => {
  const running = await runningLab({ openshift: true });
  onTestFinished(() => running.close());
  const { source, lab } = running;
  const never = new AbortController().signal;
  await seedScale(lab, amounts, never);

  const namespaces = await source.list(Namespace, { labelSelector });
  expect(namespaces).toHaveLength(amounts.namespaces);
  const pods = await source.list(Pod, { labelSelector });
  expect(pods).toHaveLength(amounts.pods);
  const inFirst = pods.filter(({ metadata }) => metadata.namespace === "scale-00000");
  expect(inFirst).toHaveLength(3);
  const bound = async () =>
    (await source.list(PersistentVolumeClaim, { labelSelector })).filter(
      ({ status }) => status?.phase === "Bound",
    ).length;
  await expect.poll(bound, patience).toBe(amounts.claims);
  const ranges = async () => {
    const seen = await source.list(Namespace, { labelSelector });
    const range = ({ metadata }: Namespace) =>
      metadata.annotations?.["openshift.io/sa.scc.uid-range"];
    return new Set(seen.flatMap((one) => range(one) ?? [])).size;
  };
  await expect.poll(ranges, patience).toBe(amounts.namespaces);
  // No scheduler is named like theirs: they are objects only.
  const placed = (await source.list(Pod, { labelSelector })).filter(({ spec }) => spec.nodeName);
  expect(placed).toEqual([]);

  await source.delete(Namespace, { name: "scale-00000" });
  const gone = async () => source.find(Namespace, { name: "scale-00000" });
  await expect.poll(gone, patience).toBeUndefined();
  await seedScale(lab, amounts, never);
  expect(await gone()).toBeUndefined();
});

test("seeding at scale ends when the lab does, and goes on at the next start", async () => {
  const running = await runningLab();
  onTestFinished(() => running.close());
  const asked = new AbortController();
  const seeding = seedScale(running.lab, { namespaces: 5_000, pods: 0, claims: 0 }, asked.signal);
  const count = async () => (await running.source.list(Namespace, { labelSelector })).length;
  await expect.poll(count, patience).toBeGreaterThan(10);
  asked.abort();
  await expect(seeding).rejects.toThrow(/abort/);
  const soFar = await count();
  expect(soFar).toBeLessThan(5_000);
  const rest = { namespaces: soFar + 20, pods: 0, claims: 0 };
  await seedScale(running.lab, rest, new AbortController().signal);
  expect(await count()).toBe(soFar + 20);
});
