import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { connect, KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { Lab } from "../lab.ts";
import { Namespace } from "../node/kinds/cluster-objects.ts";
import { typeOf } from "../node/kinds/lab-kind.ts";
import { Pod } from "../node/kinds/pod.ts";
import { PersistentVolumeClaim } from "../node/kinds/storage.ts";
import { once } from "./once.ts";

export type ScaleAmounts = {
  readonly namespaces: number;
  readonly pods: number;
  readonly claims: number;
};

export const fullScale: ScaleAmounts = { namespaces: 10_000, pods: 30_000, claims: 2_000 };

const labels = { "lab.drover.dev/scale": "true" };
/** Nobody schedules for it: the pods are objects, and no process stands behind them. */
const schedulerName = "none.lab.drover.dev";
const concurrency = 24;
const accountPatienceMs = 30_000;
const accountRetryMs = 200;

/** Fills the cluster `source` with generated namespaces, pods that stay Pending, and bound claims; once. */
export async function seedScale(
  { layout, ...lab }: Pick<Lab, "cluster" | "layout">,
  amounts: ScaleAmounts,
  signal: AbortSignal,
): Promise<void> {
  const { url, caPem, adminToken } = lab.cluster("source");
  const cluster = connect({ url, caPem, token: adminToken });
  try {
    await once(layout, "scale", () => create(cluster, amounts, signal));
  } finally {
    await cluster.close();
  }
}

async function create(
  cluster: Cluster,
  { namespaces, pods, claims }: ScaleAmounts,
  signal: AbortSignal,
): Promise<void> {
  const inTurn = (index: number): string => namespaceName(index % Math.max(1, namespaces));
  await inBulk(namespaces, signal, (index) =>
    ensure(cluster, Namespace, {
      ...typeOf(Namespace),
      metadata: { name: namespaceName(index), labels },
    }),
  );
  await inBulk(claims, signal, (index) =>
    ensure(cluster, PersistentVolumeClaim, claim(inTurn(index), `data-${index}`)),
  );
  await inBulk(pods, signal, (index) => ensure(cluster, Pod, pod(inTurn(index), `pod-${index}`)));
}

async function inBulk(
  count: number,
  signal: AbortSignal,
  act: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      signal.throwIfAborted();
      await act(index);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

/** Creates what is not there; a pod may come before the account of its new namespace, and waits for it. */
async function ensure<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  object: T,
): Promise<void> {
  const deadline = performance.now() + accountPatienceMs;
  for (;;) {
    try {
      await cluster.create(kind, object);
      return;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.isAlreadyExists) return;
      const mayPass = error.isForbidden || error.isTransient;
      if (!mayPass || performance.now() > deadline) throw error;
      await sleep(accountRetryMs);
    }
  }
}

function namespaceName(index: number): string {
  return `scale-${String(index).padStart(5, "0")}`;
}

function claim(namespace: string, name: string): PersistentVolumeClaim {
  return {
    ...typeOf(PersistentVolumeClaim),
    metadata: { name, namespace, labels },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "standard",
      resources: { requests: { storage: "1Gi" } },
    },
  };
}

function pod(namespace: string, name: string): Pod {
  return {
    ...typeOf(Pod),
    metadata: { name, namespace, labels: { ...labels, app: name } },
    spec: { schedulerName, containers: [{ name: "main", image: "registry.k8s.io/pause:3" }] },
  };
}
