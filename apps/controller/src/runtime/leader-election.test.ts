import { Lease } from "@drover/crds";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { NAMESPACE, create, startTestCluster } from "../testing/test-cluster.ts";
import type { TestCluster } from "../testing/test-cluster.ts";
import { electLeader } from "./leader-election.ts";
import type { ElectionOptions } from "./leader-election.ts";

const log = pino({ level: "silent" });
let host: TestCluster;

beforeAll(async () => void (host = await startTestCluster("host")));
afterAll(async () => host.close());

const never = new AbortController().signal;

function candidate(name: string, identity: string, over: Partial<ElectionOptions> = {}) {
  const lease = { name, namespace: NAMESPACE };
  return { host: host.cluster, lease, identity, log, leaseMs: 1000, retryMs: 40, ...over };
}

async function holder(name: string): Promise<string | undefined> {
  return (await host.cluster.get(Lease, { name, namespace: NAMESPACE })).spec?.holderIdentity;
}

it("lets one of several lead, and the next as soon as that one gives up", async () => {
  const leaseMs = 3_000;
  const first = await electLeader(candidate("handover", "first", { leaseMs }), never);
  let isSecondLeading = false;
  const second = electLeader(candidate("handover", "second", { leaseMs }), never);
  void second.then(() => (isSecondLeading = true));
  await new Promise((resolve) => setTimeout(resolve, leaseMs * 1.5));
  expect(isSecondLeading).toBe(false);
  expect(await holder("handover")).toBe("first");
  await first.release();
  const { release } = await second;
  expect(await holder("handover")).toBe("second");
  await release();
});

it("takes a lease over once it has stood unrenewed for its duration, whatever the clocks say", async () => {
  await create(host.cluster, Lease, {
    metadata: { name: "stale", namespace: NAMESPACE },
    spec: {
      holderIdentity: "gone",
      leaseDurationSeconds: 1,
      renewTime: "2999-01-01T00:00:00.000000Z",
      leaseTransitions: 4,
    },
  });
  const startedAt = performance.now();
  const { release } = await electLeader(candidate("stale", "heir"), never);
  expect(performance.now() - startedAt).toBeGreaterThan(1000);
  const lease = await host.cluster.get(Lease, { name: "stale", namespace: NAMESPACE });
  expect(lease.spec).toMatchObject({ holderIdentity: "heir", leaseTransitions: 5 });
  await release();
});

it("tells when the lease was taken away", async () => {
  const { lost, release } = await electLeader(candidate("stolen", "victim"), never);
  const ref = { name: "stolen", namespace: NAMESPACE };
  const body = { spec: { holderIdentity: "thief" } };
  await host.cluster.patch(Lease, ref, { type: "merge", body });
  await expect.poll(() => lost.aborted).toBe(true);
  await release();
  expect(await holder("stolen")).toBe("thief");
});

it("stops waiting when it is told to", async () => {
  const { release } = await electLeader(candidate("busy", "leader"), never);
  const stopping = new AbortController();
  const waiting = electLeader(candidate("busy", "other"), stopping.signal);
  stopping.abort();
  await expect(waiting).rejects.toThrow("aborted");
  await release();
});
