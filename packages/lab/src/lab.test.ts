import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect, connectionFromKubeconfig } from "@drover/kube";
import { expect, onTestFinished, test } from "vitest";
import { findKubeAssets } from "./kubeserver/kube-assets.ts";
import { startLab } from "./lab.ts";
import type { Lab, LabOptions } from "./lab.ts";
import { PersistentVolumeClaim } from "./node/kinds/storage.ts";
import { Deployment } from "./node/kinds/workload.ts";
import { isReady, Pod } from "./node/kinds/pod.ts";
import { runningLab } from "./testing/running-lab.ts";
import type { RunningLab } from "./testing/running-lab.ts";
import { verifyLedger } from "./workloads/ledger-log.ts";

const ledgerPod = { namespace: "ledger", name: "ledger-0" };

async function ledgerText({ source, lab }: RunningLab): Promise<string> {
  const ref = { namespace: "ledger", name: "ledger-data-ledger-0" };
  const claim = await source.find(PersistentVolumeClaim, ref);
  const path = join(
    lab.cluster("source").volumesDir,
    claim?.spec.volumeName ?? "none",
    "ledger.log",
  );
  return readFile(path, "utf8").catch(() => "");
}

async function records(running: RunningLab): Promise<number> {
  return verifyLedger(await ledgerText(running)).records;
}

async function refusal(
  connection: Parameters<typeof connect>[0],
  namespace: string,
): Promise<number> {
  const cluster = connect(connection);
  try {
    await cluster.list(Pod, { namespace });
    return 200;
  } catch (error) {
    return (error as { code: number }).code;
  } finally {
    await cluster.close();
  }
}

const seeded: Partial<LabOptions> = { clusters: ["host", "source"], openshift: true, seed: true };
const kubeAssets = findKubeAssets(process.env);

test("a seeded lab has its applications running, its people and its files, and survives a restart", async () => {
  await expectSeededLab(await runningLab(seeded));
});

test.skipIf(kubeAssets === undefined && process.env["DROVER_REQUIRE_KUBE"] !== "1")(
  "so has a lab on real kube-apiservers",
  async () => {
    if (kubeAssets === undefined) throw new Error("npm run kube-assets fetches kube-apiserver.");
    const running = await runningLab({ ...seeded, kubeAssets });
    await expect(
      running.lab.faults.set({ clusters: { host: { watchDelayMs: 1 } } }),
    ).rejects.toThrow("this lab runs on a real kube-apiserver");
    await expectSeededLab(running);
  },
  240_000,
);

test("a lab goes on with the API server it was made with", async () => {
  const running = await runningLab({ seed: { workloads: false } });
  onTestFinished(() => running.close());
  await running.lab.close();
  const stateDir = join(running.lab.layout.kubeconfig, "..");
  const programs = { apiServer: "/bin/false", etcd: "/bin/false" };
  await expect(startLab({ stateDir, clusters: ["source"], kubeAssets: programs })).rejects.toThrow(
    'The clusters in this state folder were made with "npm start"',
  );
});

async function expectSeededLab(first: RunningLab): Promise<void> {
  let running = first;
  onTestFinished(() => running.close());
  await expect.poll(() => records(running)).toBeGreaterThan(5);
  const before = await running.source.get(Pod, ledgerPod);

  await expectPeople(running.lab);
  const web = async () =>
    (await running.source.list(Pod, { namespace: "shop" })).filter(isReady).length;
  await expect.poll(web).toBe(2);
  const log = async () =>
    lines(running.source.logs({ namespace: "shop", name: await workerName(running) }));
  await expect.poll(log).toContain("the shop has 5335 entries");

  const webRef = { namespace: "shop", name: "shop-web" };
  const stopped = { type: "merge", body: { spec: { replicas: 0 } } } as const;
  await running.source.patch(Deployment, webRef, stopped);
  const written = await ledgerText(running);
  running = await running.again();
  await expect.poll(() => records(running)).toBeGreaterThan(verifyLedger(written).records + 5);
  const text = await ledgerText(running);
  expect(verifyLedger(text).broken).toBeUndefined();
  expect(text.startsWith(written)).toBe(true);
  const after = await running.source.get(Pod, ledgerPod);
  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(after.status?.containerStatuses?.[0]?.restartCount).toBe(1);
  // What was stopped before stays stopped: a migrated application must not start twice.
  expect((await running.source.get(Deployment, webRef)).spec.replicas).toBe(0);
}

async function expectPeople(lab: Lab): Promise<void> {
  expect((await stat(lab.kubeconfigPath)).mode & 0o777).toBe(0o600);
  const text = await readFile(lab.kubeconfigPath, "utf8");
  const as = (context: string) => connectionFromKubeconfig(text, { context });
  expect(await refusal(as("source"), "shop")).toBe(200);
  expect(await refusal(as("source-dev"), "dev")).toBe(200);
  expect(await refusal(as("source-dev"), "shop")).toBe(403);
  const api = connectionFromKubeconfig(await readFile(lab.layout.apiKubeconfig, "utf8"));
  expect(await refusal(api, "openshift-migration")).toBe(403);
  const controller = connectionFromKubeconfig(
    await readFile(lab.layout.controllerKubeconfig, "utf8"),
  );
  expect(await refusal(controller, "openshift-migration")).toBe(200);
}

async function workerName({ source }: RunningLab): Promise<string> {
  const pods = await source.list(Pod, { namespace: "shop", labelSelector: "tier=worker" });
  return pods[0]?.metadata.name ?? "";
}

async function lines(log: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of log) all.push(line);
  return all;
}

test("a ledger with a broken record refuses to start, and says why", async () => {
  const running = await runningLab({ seed: true });
  onTestFinished(() => running.close());
  await expect.poll(() => records(running)).toBeGreaterThan(3);
  const { source, lab } = running;
  const claim = await source.get(PersistentVolumeClaim, {
    namespace: "ledger",
    name: "ledger-data-ledger-0",
  });
  const path = join(lab.cluster("source").volumesDir, claim.spec.volumeName ?? "", "ledger.log");
  await promisify(execFile)("sed", ["-i", "2d", path]);
  await source.delete(Pod, ledgerPod);
  const lastLine = async () => (await lines(source.logs(ledgerPod)).catch(() => [])).at(-1);
  await expect.poll(lastLine).toContain("refusing to start: ledger.log is broken: line 2");
  const exit = async () => {
    const status = (await source.get(Pod, ledgerPod)).status?.containerStatuses?.[0];
    return (status?.state.terminated ?? status?.lastState.terminated)?.exitCode;
  };
  await expect.poll(exit).toBe(1);
});

test("the process says when it is ready, ends when asked, and continues after kill -9", async () => {
  const state = await runningLab({ seed: { workloads: false } });
  const stateDir = join(state.lab.layout.kubeconfig, "..");
  onTestFinished(() => state.close());
  await state.lab.close();
  const start = () => {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      DROVER_STATE_DIR: stateDir,
      LOG_LEVEL: "error",
    };
    for (const name of ["HOST", "SOURCE", "EDGE", "S3", "OAUTH"])
      env[`DROVER_LAB_${name}_PORT`] = "0";
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    return spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  };
  const first = start();
  expect(String((await once(first.stdout, "data"))[0])).toBe("lab ready\n");
  await sleep(1_500);
  first.kill("SIGKILL");
  await once(first, "exit");
  const second = start();
  expect(String((await once(second.stdout, "data"))[0])).toBe("lab ready\n");
  second.kill("SIGTERM");
  expect((await once(second, "exit"))[0]).toBe(0);
});
