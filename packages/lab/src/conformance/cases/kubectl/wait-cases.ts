import assert from "node:assert/strict";
import { expectStatus } from "../../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../../conformance-case.ts";
import { configMap, deployment, pod } from "../../manifests.ts";
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
    const { api, path } = context;
    const held = configMap("a", { metadata: { finalizers: ["x.example/hold"] } });
    await ok(context, ["create", "-f", "-"], held);
    await api.delete(path("v1", "configmaps/a"));
    const waiting = ok(context, ["wait", "--for=delete", "configmap/a", "--timeout=10s"]);
    await api.patch(path("v1", "configmaps/a"), "merge", { metadata: { finalizers: null } });
    await waiting;
    expectStatus(await api.get(path("v1", "configmaps/a")), 404);
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
    // It ends by itself when its time is up.
    const watch = ["get", "pods", "-w", "--request-timeout=2s"];
    const watching = context.kubectl(watch);
    const phases = ["Running", "Failed"];
    for (const phase of phases) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await api.patch(path("v1", "pods/p/status"), "merge", { status: { phase } });
    }
    const { out } = await watching;
    const [head, ...rows] = out.trim().split("\n");
    assert.match(head ?? "", /^NAME +READY +STATUS +RESTARTS +AGE$/);
    assert.deepEqual(
      rows.map((row) => row.split(/ +/)[2]),
      ["Pending", ...phases],
    );
  }),
  kubectlCase("watches only what is new", async (context) => {
    await ok(context, ["create", "-f", "-"], pod("old"));
    const watch = ["get", "pods", "--watch-only", "-o", "name", "--request-timeout=2s"];
    const watching = context.kubectl(watch);
    await new Promise((resolve) => setTimeout(resolve, 800));
    await ok(context, ["create", "-f", "-"], pod("new"));
    assert.equal((await watching).out, "pod/new\n");
  }),
];

async function setReady({ api, path }: CaseContext, name: string): Promise<void> {
  const status = { conditions: [{ type: "Ready", status: "True" }] };
  expectStatus(await api.patch(path("v1", `pods/${name}/status`), "merge", { status }), 200);
}
