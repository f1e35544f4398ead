import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "@drover/crds";
import type { DiscoveredResource } from "@drover/kube";
import { keyOf, labKind, namespaceOf, refOf } from "../node/kinds/lab-kind.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { reasonOf } from "../node/runtime/cluster-view.ts";
import type { Running } from "../node/runtime/controller.ts";
import { keyQueue } from "../node/runtime/key-queue.ts";
import { countedBy, usageOf } from "../quota/object-usage.ts";
import { isInScope } from "../quota/quota-scopes.ts";
import { total } from "../quota/resource-amounts.ts";
import type { Amounts } from "../quota/resource-amounts.ts";
import { dynamicKind } from "./dynamic-kind.ts";

type ResourceQuota = KubeObject & {
  spec?: { hard?: Amounts };
  status?: { hard?: Amounts; used?: Amounts };
};
const ResourceQuota = labKind<ResourceQuota>("", "ResourceQuota");

/**
 * Counts what quotas limit. Admission only ever adds to what is used; this takes away what went, and counts what was
 * there before the quota.
 */
export function startQuotaController(view: ClusterView): Running {
  const log = view.log.child({ controller: "resource-quota-controller" });
  const watched = new Map<string, () => void>();
  const queue = keyQueue({
    work: reconcile,
    onFailure: (key, error) =>
      log.debug({ key, reason: reasonOf(error) }, "pass failed; trying again"),
  });
  const quotas = view.watch(ResourceQuota);
  const stop = quotas.onChange(({ object }) => queue.add(keyOf(object)));
  quotas.list().forEach((quota) => queue.add(keyOf(quota)));

  async function reconcile(key: string): Promise<undefined> {
    const quota = await view.cluster.find(ResourceQuota, refOf(key));
    if (quota === undefined) return undefined;
    const hard = quota.spec?.hard ?? {};
    const used = await count(quota, Object.keys(hard));
    const status = { hard, used };
    if (isDeepStrictEqual(quota.status ?? {}, status)) return undefined;
    const { resourceVersion } = quota.metadata;
    await view.cluster.patchSubresource(ResourceQuota, refOf(key), "status", {
      type: "merge",
      // Somebody may be let in while this counts; then it counts again.
      body: { metadata: { resourceVersion }, status: withNulls(quota.status ?? {}, status) },
    });
    return undefined;
  }

  async function count(quota: ResourceQuota, limited: readonly string[]): Promise<Amounts> {
    const resources = await view.cluster.discovery();
    const amounts: Amounts[] = [];
    for (const name of new Set(limited.map(countedBy))) {
      const resource = resources.find((known) => known.preferred && nameIn(known) === name);
      if (resource === undefined) continue;
      follow(name, resource);
      const objects = await view.cluster.list(dynamicKind(resource), {
        namespace: namespaceOf(quota),
      });
      amounts.push(
        ...objects
          .filter((object) => isInScope(quota, name, object))
          .map((object) => usageOf(name, object)),
      );
    }
    const sum = total(...amounts);
    return Object.fromEntries(limited.map((name) => [name, sum[name] ?? "0"]));
  }

  function follow(name: string, resource: DiscoveredResource): void {
    if (watched.has(name)) return;
    const detach = view.watch(dynamicKind(resource)).onChange(({ object }) => {
      for (const quota of quotas.list(namespaceOf(object))) queue.add(keyOf(quota));
    });
    watched.set(name, detach);
  }

  return {
    async close() {
      stop();
      for (const detach of watched.values()) detach();
      await queue.close();
    },
  };
}

function nameIn({ group, plural }: DiscoveredResource): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** A merge patch that also takes away the resources which are no longer there. */
function withNulls(
  before: { readonly hard?: Amounts; readonly used?: Amounts },
  after: { readonly hard: Amounts; readonly used: Amounts },
): object {
  const nulls = (amounts: Amounts = {}): object =>
    Object.fromEntries(Object.keys(amounts).map((name) => [name, null]));
  return {
    hard: { ...nulls(before.hard), ...after.hard },
    used: { ...nulls(before.used), ...after.used },
  };
}
