import { ConfigMap, defineKind, Namespace } from "@drover/crds";
import { connect, liveStore, type Cluster, type LiveStore } from "@drover/kube";
import { randomBytes } from "node:crypto";
import { expect, onTestFinished, vi } from "vitest";
import { z } from "zod";
import type { ServerUnderTest } from "../../conformance/server-under-test.ts";
import { FaultProxy } from "./fault-proxy.ts";

/** The kind whose watches the server under test reads from etcd itself: compacting it ends them. */
const PodTemplate = defineKind({
  group: "",
  version: "v1",
  kind: "PodTemplate",
  plural: "podtemplates",
  fields: { template: z.looseObject({}) },
});

/** What the tests need of a kind: how one object of it is made. */
export type Sort = { readonly kind: typeof ConfigMap; readonly content: (text: string) => object };

export const cached: Sort = { kind: ConfigMap, content: (text) => ({ data: { text } }) };

export const uncached: Sort = {
  kind: PodTemplate as unknown as typeof ConfigMap,
  content: (text) => ({
    template: {
      metadata: { annotations: { text } },
      spec: { containers: [{ name: "a", image: "a" }] },
    },
  }),
};

export type ProxiedStore = {
  readonly proxy: FaultProxy;
  readonly store: LiveStore<ConfigMap>;
  /** Straight to the server, past the proxy. */
  readonly calm: Cluster;
  /** What subscribers were told so far makes these names be there. */
  readonly heard: ReadonlySet<string>;
  /** What they were told that cannot be true. */
  readonly mistakes: readonly string[];
  readonly put: (name: string, text: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /** Waits until the store holds exactly what the server holds. */
  readonly agreement: () => Promise<void>;
};

/** A live store whose every request goes through a proxy with faults, in a namespace of its own. */
export async function proxiedStore(
  server: ServerUnderTest,
  { kind, content }: Sort,
  options: { readonly watchdogMs?: number; readonly before?: (calm: Calm) => Promise<void> } = {},
): Promise<ProxiedStore> {
  const { url, caPem, adminToken: token } = server;
  const namespace = `live-${randomBytes(4).toString("hex")}`;
  const calm = connect({ url, caPem, token });
  await calm.create(Namespace, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
  });
  await options.before?.({ calm, namespace });
  const proxy = await FaultProxy.start({ url, caPem, plural: kind.plural });
  const cluster = connect({ url: proxy.url, caPem: proxy.caPem, token, timeoutMs: 5_000 });
  // The accounts' own objects come and go when the controllers want.
  const selection = { namespace, labelSelector: "live" };
  const store = liveStore(cluster, kind, {
    ...selection,
    retryMinMs: 10,
    retryMaxMs: 200,
    watchdogMs: options.watchdogMs ?? 90_000,
    onProblem: () => undefined,
  });
  const heard = new Set<string>();
  const mistakes: string[] = [];
  store.subscribe(({ type, object }) => {
    const name = nameOf(object);
    if (heard.has(name) !== (type !== "ADDED")) mistakes.push(`${type} ${name}`);
    if (type === "DELETED") heard.delete(name);
    else heard.add(name);
  });
  onTestFinished(async () => {
    store.close();
    await cluster.close();
    await proxy.close();
    await calm.close();
  });
  await store.ready;
  return {
    proxy,
    store,
    calm,
    heard,
    mistakes,
    put: async (name, text) => {
      await calm.apply(kind, objectOf({ kind, content }, { name, namespace, text }));
    },
    remove: async (name) => void (await calm.delete(kind, { name, namespace })),
    agreement: () =>
      vi.waitFor(
        async () =>
          expect(versions(store.list())).toEqual(versions(await calm.list(kind, selection))),
        { timeout: 60_000, interval: 50 },
      ),
  };
}

type Calm = { readonly calm: Cluster; readonly namespace: string };
type Wanted = { readonly name: string; readonly namespace: string; readonly text: string };

export function objectOf({ kind, content }: Sort, { name, namespace, text }: Wanted): ConfigMap {
  return {
    apiVersion: "v1",
    kind: kind.kind,
    metadata: { name, namespace, labels: { live: "yes" } },
    ...content(text),
  };
}

function nameOf({ metadata }: ConfigMap): string {
  return metadata.name ?? "";
}

function versions(objects: readonly ConfigMap[]): string[] {
  return objects.map((object) => `${nameOf(object)}@${object.metadata.resourceVersion}`).toSorted();
}
