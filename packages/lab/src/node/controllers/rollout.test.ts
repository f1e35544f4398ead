import { expect, test } from "vitest";
import { typeOf } from "../kinds/lab-kind.ts";
import { Deployment, ReplicaSet } from "../kinds/workload.ts";
import { rolloutBounds, rolloutStep } from "./rollout.ts";

type Strategy = NonNullable<Deployment["spec"]["strategy"]>;

function aDeployment(replicas: number, strategy: Strategy = {}): Deployment {
  const template = { spec: { containers: [] } };
  return {
    ...typeOf(Deployment),
    metadata: { name: "web" },
    spec: { replicas, selector: {}, template, strategy },
  };
}

/** A replica set that wants so many pods and has so many available ones. */
function aSet(wanted: number, available: number): ReplicaSet {
  const template = { spec: { containers: [] } };
  const status = { replicas: wanted, availableReplicas: available };
  return {
    ...typeOf(ReplicaSet),
    metadata: { name: "web" },
    spec: { replicas: wanted, selector: {}, template },
    status,
  };
}

test("a rollout adds a quarter and misses a quarter, unless told otherwise", () => {
  expect(rolloutBounds(aDeployment(10))).toEqual({ surge: 3, unavailable: 2 });
  const strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } };
  expect(rolloutBounds(aDeployment(4, strategy))).toEqual({ surge: 0, unavailable: 1 });
});

test.each([
  ["starts with what the surge allows", { next: aSet(0, 0), old: aSet(4, 4) }, [1, 3]],
  ["waits while new pods are not available", { next: aSet(2, 0), old: aSet(3, 3) }, [2, 3]],
  ["goes on as they become available", { next: aSet(2, 2), old: aSet(3, 3) }, [2, 1]],
  ["removes sick old pods first", { next: aSet(1, 1), old: aSet(4, 2) }, [1, 2]],
  ["ends with the new ones only", { next: aSet(4, 4), old: aSet(1, 1) }, [4, 0]],
])("a rolling update of 4 %s", (_what, { next, old }, expected) => {
  const step = rolloutStep(aDeployment(4), next, [old]);
  expect([step.get(next), step.get(old)]).toEqual(expected);
});

test("recreating waits until the old pods are gone", () => {
  const deployment = aDeployment(2, { type: "Recreate" });
  const next = aSet(0, 0);
  const old = aSet(2, 2);
  expect(rolloutStep(deployment, next, [old])).toEqual(new Map([[old, 0]]));
  const ending = { ...aSet(0, 0), status: { replicas: 1 } };
  expect(rolloutStep(deployment, next, [ending]).size).toBe(0);
  expect(rolloutStep(deployment, next, [aSet(0, 0)]).get(next)).toBe(2);
});
