import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { findKubectls, followKubectl, runKubectl } from "./conformance/kubectl.ts";
import type { FollowedKubectl, Kubectl } from "./conformance/kubectl.ts";
import { findKubeAssets } from "./kubeserver/kube-assets.ts";
import type { KubeAssets } from "./kubeserver/kube-assets.ts";
import type { Program } from "./node/program.ts";
import { runningLab } from "./testing/running-lab.ts";
import type { RunningLab } from "./testing/running-lab.ts";

/** Says three lines, and stays. */
const stays: Program = async (pod) => {
  for (const line of ["one", "two", "three"]) pod.log(line);
  await once(pod.signal, "abort");
  return 0;
};

/** Says how it ends, and ends so. */
const ends: Program = async (pod) => {
  const [code = "0"] = pod.args;
  pod.log(`ends with ${code}`);
  return Number(code);
};

/** Says a line for each whole second, five times. */
const counts: Program = async (pod) => {
  for (let second = 1; second <= 5; second += 1) {
    pod.log(`second ${second}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return 0;
};

const programs = { "test/stays": stays, "test/ends": ends, "test/counts": counts };
const kubectls = await findKubectls(process.env);
const kubeAssets = findKubeAssets(process.env);

test("a kubectl is at hand", () => {
  expect(kubectls).not.toEqual([]);
});

describe("on the lab's API server", () => {
  describeLab(undefined);
});

describe.skipIf(kubeAssets === undefined && process.env["DROVER_REQUIRE_KUBE"] !== "1")(
  "on a real kube-apiserver",
  () => {
    describeLab(kubeAssets);
  },
);

function describeLab(assets: KubeAssets | undefined): void {
  let running: RunningLab;
  beforeAll(async () => {
    const server = assets === undefined ? {} : { kubeAssets: assets };
    running = await runningLab({ programs, ...server });
  });
  afterAll(() => running.close(), 60_000);

  describe.each(kubectls)("kubectl $version", (kubectl) => {
    describeKubectl(kubectl, () => running);
  });
}

/** A kubectl in a namespace of its own. */
type Client = {
  /** What it prints; throws what it complains of. */
  ok(...args: readonly string[]): Promise<string>;
  refused(...args: readonly string[]): Promise<string>;
  follow(...args: readonly string[]): FollowedKubectl;
};

function clientOf(kubectl: Kubectl, running: RunningLab, cache: string): Client {
  const common = [
    "--kubeconfig",
    running.lab.kubeconfigPath,
    "--context",
    "source",
    "--cache-dir",
    cache,
    "-n",
    `kubectl-${kubectl.version.replaceAll(".", "-")}`,
  ];
  const run = (args: readonly string[]) => runKubectl(kubectl, [...common, ...args], undefined);
  return {
    async ok(...args) {
      const { code, out, err } = await run(args);
      if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${out}${err}`);
      return out;
    },
    async refused(...args) {
      const { code, out, err } = await run(args);
      if (code === 0) throw new Error(`kubectl ${args.join(" ")} was content: ${out}`);
      return err;
    },
    follow: (...args) => followKubectl(kubectl, [...common, ...args]),
  };
}

function describeKubectl(kubectl: Kubectl, running: () => RunningLab): void {
  let client: Client;
  const cache = mkdtempSync(join(tmpdir(), "kubectl-cache-"));
  const patience = { timeout: 60_000 };

  beforeAll(async () => {
    client = clientOf(kubectl, running(), cache);
    const namespace = `kubectl-${kubectl.version.replaceAll(".", "-")}`;
    await client.ok("create", "namespace", namespace);
    await vi.waitFor(() => client.ok("get", "serviceaccount", "default"), patience);
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  const run = (name: string, image: string, ...args: readonly string[]): Promise<string> =>
    client.ok("run", name, `--image=${image}`, "--restart=Never", "--", ...args);

  test("reads logs: all, the last lines, the newest, with times", async () => {
    await run("talks", "test/stays");
    await client.ok("wait", "--for=condition=Ready", "pod/talks", "--timeout=20s");
    await expect.poll(() => client.ok("logs", "talks"), patience).toBe("one\ntwo\nthree\n");
    expect(await client.ok("logs", "talks", "--tail=1")).toBe("three\n");
    expect(await client.ok("logs", "talks", "--since=1h")).toBe("one\ntwo\nthree\n");
    expect(await client.ok("logs", "talks", "--limit-bytes=5")).toBe("one\nt");
    expect(await client.ok("logs", "talks", "--timestamps", "--tail=1")).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\S* three\n$/,
    );
    expect(await client.refused("logs", "talks", "-c", "nope")).toContain(
      "container nope is not valid for pod talks",
    );
    expect(await client.refused("logs", "talks", "-p")).toContain("previous terminated container");
    expect(await client.refused("logs", "nobody")).toContain('pods "nobody" not found');
    await client.ok("delete", "pod", "talks");
    expect(await client.refused("get", "pod", "talks")).toContain("not found");
  });

  test("follows a log to its end", async () => {
    await run("counts", "test/counts");
    await expect.poll(() => client.ok("get", "pod", "counts"), patience).not.toContain("Pending");
    const log = await client.ok("logs", "-f", "counts");
    expect(log).toBe([1, 2, 3, 4, 5].map((second) => `second ${second}\n`).join(""));
  });

  test("watches a pod go through its phases", async () => {
    const watching = client.follow("get", "pods", "-w", "-l", "run=phases");
    try {
      const seen = new Set<string>();
      const watched = (async () => {
        while (!seen.has("Completed")) seen.add((await watching.next()).split(/ +/)[2] ?? "");
      })();
      // It does not say that it began where there is nothing yet; what it misses it lists.
      await run("phases", "test/counts");
      await watched;
      expect([...seen].at(-1)).toBe("Completed");
      expect([...seen]).toContain("Running");
    } finally {
      watching.stop();
    }
  });

  test("describes a pod with what happened to it", async () => {
    await run("fails", "test/ends", "3");
    await expect.poll(() => client.ok("get", "pod", "fails"), patience).toContain("Error");
    const text = await client.ok("describe", "pod", "fails");
    expect(text).toMatch(/^Status: +Failed$/m);
    expect(text).toMatch(/^ +Exit Code: +3$/m);
    expect(text).toMatch(/Normal +Scheduled .*Successfully assigned/);
    expect(text).toMatch(/Normal +Started /);
    expect(await client.ok("logs", "fails")).toBe("ends with 3\n");
  });

  test("reads the log of the container before", async () => {
    await client.ok("run", "again", "--image=test/ends", "--", "1");
    await expect.poll(() => client.ok("get", "pod", "again", "-o", RESTARTS)).toMatch(/^[1-9]/);
    expect(await client.ok("logs", "-p", "again")).toBe("ends with 1\n");
    await client.ok("delete", "pod", "again", "--now");
  });

  test("waits for a job, and reads its log by its name", async () => {
    await client.ok("create", "job", "done", "--image=test/ends", "--", "sh");
    await client.ok("wait", "--for=condition=complete", "job/done", "--timeout=30s");
    expect(await client.ok("get", "job", "done")).toMatch(/1\/1/);
    expect(await client.ok("logs", "job/done")).toMatch(/^ends with/);
    await client.ok("delete", "job", "done");
    await expect.poll(() => client.ok("get", "pods", "-l", "job-name=done"), patience).toBe("");
  });

  test("rolls a deployment out, back and away", async () => {
    await client.ok("create", "deployment", "web", "--image=test/stays", "--replicas=2");
    const status = ["rollout", "status", "deployment/web", "--timeout=30s"];
    expect(await client.ok(...status)).toContain("successfully rolled out");
    await client.ok("set", "env", "deployment/web", "LEVEL=2");
    expect(await client.ok(...status)).toContain("successfully rolled out");
    expect(await client.ok("rollout", "history", "deployment/web")).toMatch(/^1 .*\n2 /m);
    await client.ok("rollout", "undo", "deployment/web");
    expect(await client.ok(...status)).toContain("successfully rolled out");
    expect(await client.ok("set", "env", "deployment/web", "--list")).not.toContain("LEVEL");
    await client.ok("scale", "deployment/web", "--replicas=0");
    await expect.poll(() => client.ok("get", "pods", "-l", "app=web"), patience).toBe("");
    await client.ok("delete", "deployment", "web");
    await expect.poll(() => client.ok("get", "rs", "-l", "app=web"), patience).toBe("");
  });
}

const RESTARTS = "jsonpath={.status.containerStatuses[0].restartCount}";
