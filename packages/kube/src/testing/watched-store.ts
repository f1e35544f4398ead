import { ConfigMap } from "@drover/crds";
import { expect, onTestFinished, vi } from "vitest";
import { connect } from "../connect.ts";
import type { KubeError } from "../kube-error.ts";
import { liveStore, type LiveStore, type LiveStoreOptions } from "../live-store.ts";
import { FaultyApiServer } from "./faulty-api-server.ts";

export type Watched = {
  server: FaultyApiServer;
  store: LiveStore<ConfigMap>;
  changes: string[];
  problems: KubeError[];
};

/** A store that has its first list and its watch, retrying fast, with everything it tells kept. */
export async function watched(
  names: readonly string[],
  options: LiveStoreOptions<ConfigMap> = {},
): Promise<Watched> {
  const server = await FaultyApiServer.start();
  for (const name of names) server.put(name);
  const cluster = connect({ url: server.url, caPem: server.caPem, timeoutMs: 2_000 });
  const problems: KubeError[] = [];
  const store = liveStore(cluster, ConfigMap, {
    retryMinMs: 10,
    retryMaxMs: 100,
    onProblem: (problem) => problems.push(problem as KubeError),
    ...options,
  });
  const changes: string[] = [];
  store.subscribe(({ type, object }) => changes.push(`${type} ${object.metadata.name}`));
  onTestFinished(async () => {
    store.close();
    await cluster.close();
    await server[Symbol.asyncDispose]();
  });
  await store.ready;
  await expect.poll(() => server.watchersNow).toBe(1);
  return { server, store, changes, problems };
}

export function namesIn(store: LiveStore<ConfigMap>): string[] {
  return store.list().map(nameOf).sort();
}

export function nameOf(object: ConfigMap): string {
  return object.metadata.name ?? "";
}

/** Waits until the store holds exactly what the server holds. */
export async function agreement({ server, store }: Watched): Promise<void> {
  await vi.waitFor(
    () => {
      const versions = (objects: readonly ConfigMap[]): string[] =>
        objects.map((object) => `${nameOf(object)}@${object.metadata.resourceVersion}`).sort();
      expect(versions(store.list())).toEqual(
        versions(server.snapshot().items as unknown as ConfigMap[]),
      );
    },
    { timeout: 60_000, interval: 10 },
  );
}
