import type { ClusterNamespace, NamespacePage } from "@drover/contract";
import { Namespace, PersistentVolumeClaim, Pod, Service } from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster } from "@drover/kube";

type Query = {
  readonly search?: string | undefined;
  readonly page: number;
  readonly perPage: number;
};

const systemNames = new Set([
  "openshift",
  "velero",
  "default",
  "ocp-workshop",
  "management-infra",
  "operator-lifecycle-manager",
]);

/** Namespaces that belong to the cluster itself, and are never moved. */
function isSystemNamespace(name: string): boolean {
  return name.startsWith("kube-") || name.startsWith("openshift-") || systemNames.has(name);
}

type Names = { readonly at: number; readonly names: Promise<readonly string[]> };

const keepMs = 5000;
/** A connection stands for what it may see, so that names are never shared further than rights are. */
const namesOf = new WeakMap<Cluster, Names>();

function readNames(cluster: Cluster): Promise<readonly string[]> {
  const known = namesOf.get(cluster);
  if (known !== undefined && Date.now() - known.at < keepMs) return known.names;
  const names = cluster.list(Namespace).then((list) =>
    list
      .map((namespace) => namespace.metadata.name ?? "")
      .filter((name) => !isSystemNamespace(name))
      .toSorted(),
  );
  namesOf.set(cluster, { at: Date.now(), names });
  names.catch(() => namesOf.delete(cluster));
  return names;
}

/** Asks for one object and lets the server count the rest, where it does. */
async function count(cluster: Cluster, kind: ResourceKind, namespace: string): Promise<number> {
  const page = await cluster.listPage(kind, { namespace, limit: 1 });
  if (page.continue === undefined || page.continue === "") return page.items.length;
  if (page.remainingItemCount !== undefined) return page.items.length + page.remainingItemCount;
  return (await cluster.list(kind, { namespace })).length;
}

async function describe(cluster: Cluster, name: string): Promise<ClusterNamespace> {
  const kinds: readonly ResourceKind<KubeObject>[] = [Pod, PersistentVolumeClaim, Service];
  const [pods = 0, claims = 0, services = 0] = await Promise.all(
    kinds.map((kind) => count(cluster, kind, name)),
  );
  return { name, pods, claims, services };
}

/** One page of the namespaces people can move, with what is in them. */
export async function listNamespaces(cluster: Cluster, query: Query): Promise<NamespacePage> {
  const search = query.search?.trim().toLowerCase() ?? "";
  const names = (await readNames(cluster)).filter((name) => name.includes(search));
  const start = (query.page - 1) * query.perPage;
  const shown = names.slice(start, start + query.perPage);
  return {
    items: await Promise.all(shown.map((name) => describe(cluster, name))),
    total: names.length,
  };
}
