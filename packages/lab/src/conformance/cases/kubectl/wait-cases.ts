import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { expectStatus } from "../../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../../conformance-case.ts";
import { configMap, deployment, pod } from "../../manifests.ts";
import type { KubectlResult } from "../../kubectl.ts";
import { kubectlCase, ok, refused } from "./ask-kubectl.ts";

/** Waiting for what others do. */
export const kubectlWaitCases: readonly ConformanceCase[] = [
  kubectlCase("waits for a condition", async (context) => {
    await ok(context, ["create", "-f", "-"], pod("p"));
    const waiting = ok(context, ["wait", "--for=condition=Ready", "pod/p", "--timeout=10s"]);
    await setReady(context, "p");
    assert.match(await waiting, /condition met/);
  }),
  kubectlCase("waits for a condition to be false", async (context) => {
    await ok(context, ["create", "-f", "-"], pod("p"));
    await context.api.patch(context.path("v1", "pods/p/status"), "merge", {
      status: { conditions: [{ type: "Ready", status: "False" }] },
    });
    const wait = ["wait", "--for=condition=Ready=False", "pod/p", "--timeout=10s"];
    assert.match(await ok(context, wait), /condition met/);
  }),
  kubectlCase("gives up waiting", async (context) => {
    await ok(context, ["create", "-f", "-"], pod("p"));
    const wait = ["wait", "--for=condition=Ready", "pod/p", "--timeout=1s"];
    assert.match(await refused(context, wait), /timed out waiting for the condition on pods\/p/);
  }),
  kubectlCase("waits for a deletion", async (context) => {
    // An old kubectl fails when the object is gone before it first looks, so it gets more and more of a start.
    for (const [attempt, start] of [200, 1000, 5000].entries()) {
      const waited = await waitForDeletion(context, `a${attempt}`, start);
      if (waited.code === 0) return;
      assert.match(waited.err, /no matching resources found/);
    }
    assert.fail("kubectl never saw the object go");
  }),
  kubectlCase(
    "waits for a value",
    async (context) => {
      await ok(context, ["create", "-f", "-"], pod("p"));
      const wait = ["wait", "--for=jsonpath={.status.phase}=Running", "pod/p", "--timeout=10s"];
      const waiting = ok(context, wait);
      await context.api.patch(context.path("v1", "pods/p/status"), "merge", {
        status: { phase: "Running" },
      });
      assert.match(await waiting, /condition met/);
    },
    { sinceKubectl: "1.23" },
  ),
  kubectlCase("follows a rollout", async (context) => {
    const { api, path } = context;
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const following = ok(context, ["rollout", "status", "deployment/d", "--timeout=10s"]);
    const replicas = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
    await api.patch(path("apps/v1", "deployments/d/status"), "merge", {
      status: { observedGeneration: 1, ...replicas },
    });
    assert.match(await following, /successfully rolled out/);
  }),
  kubectlCase("watches a table", async (context) => {
    const { api, path } = context;
    await ok(context, ["create", "-f", "-"], pod("p"));
    const watching = context.followKubectl(["get", "pods", "-w"]);
    try {
      assert.match(await watching.next(), /^NAME +READY +STATUS +RESTARTS +AGE$/);
      assert.match(await watching.next(), /^p +0\/1 +Pending +0 /);
      for (const phase of ["Running", "Failed"]) {
        await api.patch(path("v1", "pods/p/status"), "merge", { status: { phase } });
        assert.match(await watching.next(), new RegExp(`^p +0/1 +${phase} +0 `));
      }
    } finally {
      watching.stop();
    }
  }),
  kubectlCase("watches only what is new", async (context) => {
    await ok(context, ["create", "-f", "-"], pod("old"));
    const watching = context.followKubectl(["get", "pods", "--watch-only", "-o", "name"]);
    try {
      const line = watching.next();
      let isOver = false;
      void line.finally(() => (isOver = true));
      // It does not say when it has begun.
      for (let count = 0; !isOver; count += 1) {
        await ok(context, ["create", "-f", "-"], pod(`new-${count}`));
      }
      assert.match(await line, /^pod\/new-/);
    } finally {
      watching.stop();
    }
  }),
];

async function setReady({ api, path }: CaseContext, name: string): Promise<void> {
  const status = { conditions: [{ type: "Ready", status: "True" }] };
  expectStatus(await api.patch(path("v1", `pods/${name}/status`), "merge", { status }), 200);
}

async function waitForDeletion(
  context: CaseContext,
  name: string,
  startMs: number,
): Promise<KubectlResult> {
  const { api, path, kubectl } = context;
  const held = configMap(name, { metadata: { finalizers: ["x.example/hold"] } });
  await ok(context, ["create", "-f", "-"], held);
  await api.delete(path("v1", `configmaps/${name}`));
  const waiting = kubectl(["wait", "--for=delete", `configmap/${name}`, "--timeout=20s"]);
  await sleep(startMs);
  await api.patch(path("v1", `configmaps/${name}`), "merge", { metadata: { finalizers: null } });
  const result = await waiting;
  expectStatus(await api.get(path("v1", `configmaps/${name}`)), 404);
  return result;
}
