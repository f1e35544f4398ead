import { ConfigMap } from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NAMESPACE, startTestCluster } from "../testing/test-cluster.ts";
import type { TestCluster } from "../testing/test-cluster.ts";
import { meteredCluster } from "./metered-cluster.ts";
import { Metrics } from "./metrics.ts";

let host: TestCluster;

beforeAll(async () => {
  host = await startTestCluster("host");
});

afterAll(() => host?.close());

test("counts and times requests by cluster, kind and verb, refused ones too", async () => {
  const metrics = new Metrics();
  const cluster = meteredCluster(host.cluster, "host", metrics);
  const absent = { name: "absent", namespace: NAMESPACE };
  await cluster.list(ConfigMap, { namespace: NAMESPACE });
  await expect(cluster.get(ConfigMap, absent)).rejects.toThrow("absent");
  await expect(cluster.get(ConfigMap, absent)).rejects.toThrow("absent");
  const text = metrics.text();
  expect(text).toContain(
    'mtc_client_request_count{cluster="host",component="controller",function="get",kind="ConfigMap",method="Get"} 2',
  );
  expect(text).toContain('function="list",kind="ConfigMap",method="List"} 1');
  expect(text).toMatch(/mtc_client_request_elapsed\{.*method="Get"\} \d/);
});
