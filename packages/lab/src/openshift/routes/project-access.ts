import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { z } from "zod";
import type { UserInfo } from "../../apiserver/auth/user-info.ts";

type AccessReview = KubeObject & {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
};

const SubjectAccessReview: ResourceKind<AccessReview> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SubjectAccessReview",
  plural: "subjectaccessreviews",
  namespaced: false,
  schema: z.custom<AccessReview>(),
};

export type NamespaceQuestion = { readonly verb: string; readonly namespace?: string };

/** Whether a person may do something to one namespace, or to all when none is named. */
export async function mayNamespace(
  cluster: Cluster,
  user: UserInfo,
  { verb, namespace }: NamespaceQuestion,
): Promise<boolean> {
  const review = await cluster.create(SubjectAccessReview, {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: {},
    spec: {
      user: user.username,
      groups: user.groups,
      resourceAttributes: {
        verb,
        group: "",
        version: "v1",
        resource: "namespaces",
        ...(namespace === undefined ? {} : { namespace, name: namespace }),
      },
    },
  });
  return review.status?.allowed === true;
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
