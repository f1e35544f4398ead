import type { KubeObject } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { UserInfo } from "../apiserver/auth/user-info.ts";
import { labKind, typeOf } from "../node/kinds/lab-kind.ts";

type AccessReview = KubeObject & {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
};
const SubjectAccessReview = labKind<AccessReview>("authorization.k8s.io", "SubjectAccessReview", {
  namespaced: false,
});

/** What somebody wants to do, as a SubjectAccessReview words it. */
export type ResourceAttributes = {
  readonly verb: string;
  readonly group: string;
  readonly version?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
};

/** Whether somebody may do something, as the cluster says. */
export async function mayUser(
  cluster: Cluster,
  { username: user, uid, groups, extra }: UserInfo,
  resourceAttributes: ResourceAttributes,
): Promise<boolean> {
  const review = await cluster.create(SubjectAccessReview, {
    ...typeOf(SubjectAccessReview),
    metadata: {},
    spec: { user, uid, groups, extra, resourceAttributes },
  });
  return review.status?.allowed === true;
}
