import { ConfigMap, Event, MigrationController } from "@drover/crds";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runReconcilers } from "../testing/run-reconcilers.ts";
import type { RunningReconcilers } from "../testing/run-reconcilers.ts";
import { NAMESPACE, create, expectEventually, startTestCluster } from "../testing/test-cluster.ts";
import type { TestCluster } from "../testing/test-cluster.ts";
import { readClusterSettings } from "./cluster-settings.ts";
import { readControllerSettings } from "./controller-settings.ts";
import { migrationControllerReconciler } from "./reconciler.ts";

const ref = { name: "migration-controller", namespace: NAMESPACE };
let host: TestCluster;
let running: RunningReconcilers;

beforeAll(async () => {
  host = await startTestCluster("host");
  await create(host.cluster, ConfigMap, {
    metadata: { name: "migration-cluster-config", namespace: NAMESPACE },
    data: { RSYNC_ENDPOINT_TYPE: "NodePort" },
  });
  running = await runReconcilers(host, (deps) => [migrationControllerReconciler(deps)]);
});

afterAll(async () => {
  await running.stop();
  await host.close();
});

it("writes the variables that are set, and leaves other entries alone", async () => {
  await create(host.cluster, MigrationController, {
    metadata: ref,
    spec: { mig_namespace_limit: "25", rsync_opt_bwlimit: 500, cluster_subdomain: "apps.x" },
  } as Omit<MigrationController, "apiVersion" | "kind">);
  await expectEventually(host.cluster, ConfigMap, {
    name: "migration-cluster-config",
    is: ({ data }) =>
      expect(data).toEqual({ RSYNC_ENDPOINT_TYPE: "NodePort", CLUSTER_SUBDOMAIN: "apps.x" }),
  });
  const settings = await readControllerSettings(host.cluster, NAMESPACE);
  expect(settings.namespaceLimit).toBe(25);
  expect(settings.rsync.bandwidthLimit).toBe(500);
  expect((await readClusterSettings(host.cluster, NAMESPACE)).endpointType).toBe("NodePort");
});

it("removes an entry when its variable is removed", async () => {
  const body = { spec: { cluster_subdomain: null } };
  await host.cluster.patch(MigrationController, ref, { type: "merge", body });
  await expectEventually(host.cluster, ConfigMap, {
    name: "migration-cluster-config",
    is: ({ data }) => expect(data).toEqual({ RSYNC_ENDPOINT_TYPE: "NodePort" }),
  });
});

it("records an event for a variable that cannot be read", async () => {
  const body = { spec: { mig_pv_limit: "plenty" } };
  await host.cluster.patch(MigrationController, ref, { type: "merge", body });
  await expect
    .poll(async () =>
      (await host.cluster.list(Event, { namespace: NAMESPACE })).map((e) => e.message),
    )
    .toContainEqual(expect.stringContaining("mig_pv_limit must be a whole number"));
});
