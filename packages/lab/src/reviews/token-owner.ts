import type { KubeObject } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { UserInfo } from "../apiserver/auth/user-info.ts";
import { labKind, typeOf } from "../node/kinds/lab-kind.ts";

type TokenReview = KubeObject & {
  readonly spec: { readonly token: string };
  readonly status?: { readonly authenticated?: boolean; readonly user?: Partial<UserInfo> };
};
const TokenReview = labKind<TokenReview>("authentication.k8s.io", "TokenReview", {
  namespaced: false,
});

/** Whose token it is, as the cluster says; undefined when nobody's. */
export async function tokenOwner(cluster: Cluster, token: string): Promise<UserInfo | undefined> {
  const asked: TokenReview = { ...typeOf(TokenReview), metadata: {}, spec: { token } };
  const { authenticated, user } = (await cluster.create(TokenReview, asked)).status ?? {};
  if (authenticated !== true || user?.username === undefined) return undefined;
  const { username, groups = [] } = user;
  return { ...user, username, groups };
}
