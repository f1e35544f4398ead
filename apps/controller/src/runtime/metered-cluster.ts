import type { Cluster } from "@drover/kube";
import type { Metrics } from "./metrics.ts";

const COUNT = { name: "mtc_client_request_count", help: "Requests to clusters." };
const ELAPSED = {
  name: "mtc_client_request_elapsed",
  help: "Time spent in requests to clusters, in milliseconds.",
};

/** The calls that count, by the verb that upstream's metric knows them as. */
const VERBS: Readonly<Record<string, string>> = {
  get: "Get",
  find: "Get",
  list: "List",
  listPage: "List",
  create: "Create",
  apply: "Update",
  patch: "Update",
  patchSubresource: "Update",
  delete: "Delete",
};

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/** The cluster, with its requests counted and timed under upstream's metric names. */
export function meteredCluster(cluster: Cluster, name: string, metrics: Metrics): Cluster {
  return new Proxy(cluster, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== "function" || typeof member !== "string") return value;
      const call = value.bind(target) as Call;
      const method = VERBS[member];
      if (method === undefined) return call;
      const labels = { cluster: name, component: "controller", function: member };
      return (...args: readonly unknown[]) => {
        const startedAt = performance.now();
        return call(...args).finally(() => {
          const all = { ...labels, kind: kindOf(args[0]), method };
          metrics.increment(COUNT, all);
          metrics.increment(ELAPSED, all, performance.now() - startedAt);
        });
      };
    },
  });
}

function kindOf(kind: unknown): string {
  const isKind = typeof kind === "object" && kind !== null && "kind" in kind;
  return isKind && typeof kind.kind === "string" ? kind.kind : "";
}
