import type { Cluster } from "@drover/kube";
import type { UserInfo } from "../../apiserver/auth/user-info.ts";
import { mayUser } from "../../reviews/may-user.ts";

export type NamespaceQuestion = { readonly verb: string; readonly namespace?: string };

/** Whether a person may do something to one namespace, or to all when none is named. */
export function mayNamespace(
  cluster: Cluster,
  user: UserInfo,
  { verb, namespace }: NamespaceQuestion,
): Promise<boolean> {
  return mayUser(cluster, user, {
    verb,
    group: "",
    version: "v1",
    resource: "namespaces",
    ...(namespace === undefined ? {} : { namespace, name: namespace }),
  });
}

const questionsAtOnce = 16;

/** The namespaces of these that the person may see. */
export async function visibleNamespaces(
  cluster: Cluster,
  user: UserInfo,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const visible = new Set<string>();
  const rest = [...names];
  const ask = async (): Promise<void> => {
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      if (await mayNamespace(cluster, user, { verb: "get", namespace: name })) visible.add(name);
    }
  };
  await Promise.all(Array.from({ length: questionsAtOnce }, ask));
  return visible;
}
