import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster, ListOptions } from "./cluster.ts";
import { KubeError } from "./kube-error.ts";

export type WholeList<T> = { readonly items: T[]; readonly resourceVersion: string };

type Pager = Pick<Cluster, "listPage">;

export type ListAllOptions<T> = ListOptions & {
  /** Applied to each object as its page comes in, so that what it drops is never held for the whole list. */
  readonly transform?: (object: T) => T;
};

/**
 * The whole collection and the version it stands for, read page by page. When the continue token expires under way,
 * the list is read again in one piece, so that it is never a mix of two moments.
 */
export async function listAll<T extends KubeObject>(
  cluster: Pager,
  kind: ResourceKind<T>,
  options: ListAllOptions<T> = {},
): Promise<WholeList<T>> {
  try {
    return await gather(cluster, kind, options);
  } catch (error) {
    if (!(error instanceof KubeError) || !error.isGone) throw error;
    return gather(cluster, kind, { ...options, limit: 0 });
  }
}

async function gather<T extends KubeObject>(
  cluster: Pager,
  kind: ResourceKind<T>,
  { transform = (object) => object, ...options }: ListAllOptions<T>,
): Promise<WholeList<T>> {
  const items: T[] = [];
  let resourceVersion = "";
  for await (const page of listPages(cluster, kind, options)) {
    for (const item of page.items) items.push(transform(item));
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}

/** The collection page by page; throws a `KubeError` with `isGone` when it takes so long that the token expires. */
export async function* listPages<T extends KubeObject>(
  cluster: Pager,
  kind: ResourceKind<T>,
  options: ListOptions = {},
): AsyncGenerator<Awaited<ReturnType<typeof cluster.listPage<T>>>> {
  let token: string | undefined;
  do {
    const page = await cluster.listPage(
      kind,
      token === undefined ? options : { ...options, continue: token },
    );
    yield page;
    token = page.continue;
  } while (token !== undefined);
}
