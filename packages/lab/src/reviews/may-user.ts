import type { KubeObject } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { AccessAttributes } from "../apiserver/auth/access-attributes.ts";
import type { UserInfo } from "../apiserver/auth/user-info.ts";
import { labKind, typeOf } from "../node/kinds/lab-kind.ts";

type AccessReview = KubeObject & {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
};
const SubjectAccessReview = labKind<AccessReview>("authorization.k8s.io", "SubjectAccessReview", {
  namespaced: false,
});

/** What somebody wants to do to a resource. */
export type ResourceAttributes = Omit<AccessAttributes, "path">;

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
