import { Lease, MigCluster, MigHook } from "@drover/crds";
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  ADMIN_TOKEN,
  NAMESPACE,
  create,
  expectEventually,
  isJustReady,
  says,
  startTestCluster,
} from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const lease = { name: "drover-controller", namespace: NAMESPACE };
const children: ChildProcess[] = [];
let directory: string;
let host: TestCluster;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "drover-app-"));
  host = await startTestCluster("host");
  const { url, caPem } = host.server;
  const ca = Buffer.from(caPem).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "host",
    contexts: [{ name: "host", context: { cluster: "host", user: "admin" } }],
    clusters: [{ name: "host", cluster: { server: url, "certificate-authority-data": ca } }],
    users: [{ name: "admin", user: { token: ADMIN_TOKEN } }],
  };
  await writeFile(join(directory, "kubeconfig"), JSON.stringify(config));
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await host.close();
  await rm(directory, { recursive: true });
});

/** Starts the controller as its own process and resolves once it has printed the line, and not the other. */
async function startProcess(
  line: string,
  { never }: { readonly never?: string } = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      DROVER_KUBECONFIG: join(directory, "kubeconfig"),
      DROVER_CONTROLLER_PORT: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const seen = Promise.withResolvers<void>();
  child.stdout?.on("data", (data: Buffer) => {
    const text = data.toString();
    if (never !== undefined && text.includes(never)) seen.reject(new Error(text));
    if (text.includes(line)) seen.resolve();
  });
  child.once("exit", (code) => seen.reject(new Error(`The controller ended with ${code}.`)));
  await seen.promise;
  return child;
}

async function holder(): Promise<string | undefined> {
  return (await host.cluster.find(Lease, lease))?.spec?.holderIdentity;
}

it("leads, registers its own cluster, carries resources out, and gives the lease up on SIGTERM", async () => {
  const child = await startProcess("controller ready");
  expect(await holder()).toContain(`_${child.pid}_`);
  await expectEventually(host.cluster, MigCluster, { name: "host", is: says("Ready", "ready") });
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  expect(await holder()).toBe("");
});

it("takes over at once from a controller that was killed beside it", async () => {
  const killed = await startProcess("controller ready");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(await holder()).toContain(`_${killed.pid}_`);
  const next = await startProcess("controller ready", { never: "another controller leads" });
  expect(await holder()).toContain(`_${next.pid}_`);
  await create(host.cluster, MigHook, {
    metadata: { name: "hook", namespace: NAMESPACE },
    spec: { custom: true, image: "quay.io/a/b", targetCluster: "source" },
  });
  const hook = await expectEventually(host.cluster, MigHook, { name: "hook", is: isJustReady });
  expect(hook.status?.observedGeneration).toBe(hook.metadata.generation);
});

it("stands by while another leads, and says which environment variable is wrong", async () => {
  const before = await holder();
  const standby = await startProcess("another controller leads");
  expect(await holder()).toBe(before);
  standby.kill("SIGTERM");
  const [code] = (await once(standby, "exit")) as [number | null];
  expect(code).toBe(0);
  const env = { ...process.env, DROVER_CONTROLLER_PORT: "high" };
  const failure = await new Promise<string>((resolve) => {
    execFile(process.execPath, [main], { env }, (error, _stdout, stderr) =>
      resolve(`${error?.code} ${stderr}`),
    );
  });
  expect(failure).toContain("DROVER_CONTROLLER_PORT");
});
