import { ConfigMap } from "@drover/crds";
import { connect, liveStore } from "@drover/kube";

/** What a process of its own found out about one store. */
export type ProbeReport = {
  readonly objects: number;
  readonly listSeconds: number;
  readonly replaySeconds: number;
  readonly replayed: number;
  readonly residentMiB: number;
  readonly bareResidentMiB: number;
  readonly heapBytes: number;
};

type Order = {
  readonly url: string;
  readonly caPem: string;
  readonly token: string;
  readonly firstVersion: string;
  readonly objects: number;
};

const MIB = 1024 * 1024;

async function measure(order: Order): Promise<ProbeReport> {
  const cluster = connect(order);
  await cluster.version();
  const bare = memory();
  const listedAt = performance.now();
  const store = liveStore(cluster, ConfigMap, { namespace: "bench" });
  await store.ready;
  const listSeconds = (performance.now() - listedAt) / 1000;
  const full = memory();
  const replay = await watchFrom(cluster, order);
  const report = {
    objects: store.size,
    listSeconds,
    ...replay,
    residentMiB: full.rss / MIB,
    bareResidentMiB: bare.rss / MIB,
    heapBytes: full.heapUsed - bare.heapUsed,
  };
  store.close();
  await cluster.close();
  return report;
}

function memory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  return process.memoryUsage();
}

/** Hears again how every object came to be. */
async function watchFrom(
  cluster: ReturnType<typeof connect>,
  { firstVersion, objects }: Order,
): Promise<{ replaySeconds: number; replayed: number }> {
  const startedAt = performance.now();
  let replayed = 0;
  const options = { namespace: "bench", resourceVersion: firstVersion };
  for await (const event of cluster.watch(ConfigMap, options)) {
    if (event.type !== "BOOKMARK") replayed += 1;
    if (replayed === objects) break;
  }
  return { replayed, replaySeconds: (performance.now() - startedAt) / 1000 };
}

process.once("message", (order) => {
  void measure(order as Order).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});
