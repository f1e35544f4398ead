import { ConfigMap, MigPlan, Namespace, PersistentVolumeClaim } from "@drover/crds";
import { liveStore, type Cluster } from "@drover/kube";
import { secondsOf, type Bench } from "../measurement.ts";
import { NAMESPACE, createPlan, isDiscovered, startProduct, until } from "./product.ts";

const WRITERS = 8;

/** A plan over many namespaces and claims, until it knows every volume. */
export const discoveryBench: Bench = {
  name: "discovery",
  async run({ namespaces, claims }, directory) {
    const product = await startProduct(directory, { workloads: false });
    try {
      const names = Array.from({ length: namespaces }, (_, index) => `many-${index}`);
      await raiseLimits(product.host);
      await fill(product.source, { names, claims });
      let found = 0;
      const seconds = await secondsOf(async () => {
        await createPlan(product, { name: "many", namespaces: names });
        const plan = await until(product.host, { kind: MigPlan, name: "many" }, isDiscovered);
        found = plan.spec.persistentVolumes?.length ?? 0;
      });
      return [
        {
          what: `discovery of a plan with ${namespaces} namespaces / ${claims.toLocaleString("en")} claims`,
          value: `${seconds.toFixed(2)} s, ${found.toLocaleString("en")} volumes found`,
          target: "≤ 3 s with 100 / 2,000",
          anchor: "upstream lists every PV and pod of the cluster",
        },
      ];
    } finally {
      await product.close();
    }
  },
};

/** A plan may be far smaller by default. */
async function raiseLimits(host: Cluster): Promise<void> {
  const ref = { name: "migration-controller", namespace: NAMESPACE };
  const data = { NAMESPACE_LIMIT: "1000", PV_LIMIT: "10000" };
  await host.patch(ConfigMap, ref, { type: "merge", body: { data } });
}

async function fill(
  source: Cluster,
  { names, claims }: { readonly names: readonly string[]; readonly claims: number },
): Promise<void> {
  for (const name of names) {
    await source.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < claims) {
      const index = next;
      next += 1;
      await source.create(
        PersistentVolumeClaim,
        claim(`claim-${index}`, names[index % names.length] ?? ""),
      );
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await untilBound(source, claims);
}

function claim(name: string, namespace: string): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "standard",
      resources: { requests: { storage: "1Mi" } },
    },
  };
}

async function untilBound(source: Cluster, claims: number): Promise<void> {
  const store = liveStore(source, PersistentVolumeClaim);
  try {
    await store.ready;
    const bound = Promise.withResolvers<void>();
    const look = (): void => {
      const count = store.list().filter(({ status }) => status?.phase === "Bound").length;
      if (count >= claims) bound.resolve();
    };
    store.subscribe(look);
    look();
    await bound.promise;
  } finally {
    store.close();
  }
}
