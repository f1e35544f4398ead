import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RawObject } from "../raw-object.ts";

/** One object of an unpacked backup. */
export type ArchivedItem = {
  /** `resource.group` */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly path: string;
};

// Others may refer to what comes earlier. What is not named here follows in alphabetical order.
const order = [
  "customresourcedefinitions.apiextensions.k8s.io",
  "namespaces",
  "storageclasses.storage.k8s.io",
  "volumesnapshotclasses.snapshot.storage.k8s.io",
  "volumesnapshotcontents.snapshot.storage.k8s.io",
  "volumesnapshots.snapshot.storage.k8s.io",
  "persistentvolumes",
  "persistentvolumeclaims",
  "secrets",
  "configmaps",
  "serviceaccounts",
  "limitranges",
  "pods",
  "replicasets.apps",
];

function rank(resource: string): number {
  const index = order.indexOf(resource);
  return index < 0 ? order.length : index;
}

/** Resource names in the order in which they are restored. */
function inRestoreOrder(resources: readonly string[]): string[] {
  return resources.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : Number(a > b)));
}

async function names(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function itemsIn(
  directory: string,
  place: { readonly resource: string; readonly namespace: string | undefined },
): Promise<ArchivedItem[]> {
  return (await names(directory))
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({ ...place, name: file.slice(0, -5), path: join(directory, file) }));
}

/** The objects of one resource: cluster-scoped ones, then namespace by namespace. */
async function itemsOf(root: string, resource: string): Promise<ArchivedItem[]> {
  const base = join(root, "resources", resource);
  const items = await itemsIn(join(base, "cluster"), { resource, namespace: undefined });
  for (const namespace of await names(join(base, "namespaces"))) {
    items.push(...(await itemsIn(join(base, "namespaces", namespace), { resource, namespace })));
  }
  return items;
}

/** All objects of an unpacked backup, in the order in which they are restored. */
export async function archivedItems(root: string): Promise<ArchivedItem[]> {
  const resources = inRestoreOrder(await names(join(root, "resources")));
  const items: ArchivedItem[] = [];
  for (const resource of resources) items.push(...(await itemsOf(root, resource)));
  return items;
}

export async function readItem(item: ArchivedItem): Promise<RawObject> {
  return JSON.parse(await readFile(item.path, "utf8")) as RawObject;
}
