import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { z } from "zod";
import type { UserInfo } from "../apiserver/auth/user-info.ts";

type TokenReview = KubeObject & {
  readonly spec: { readonly token: string };
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
    };
  };
};

const TokenReview: ResourceKind<TokenReview> = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenReview",
  plural: "tokenreviews",
  namespaced: false,
  schema: z.custom<TokenReview>(),
};

/** Whose token it is, as the cluster says; undefined when nobody's. */
export async function tokenOwner(cluster: Cluster, token: string): Promise<UserInfo | undefined> {
  const review = await cluster.create(TokenReview, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    metadata: {},
    spec: { token },
  });
  const { authenticated, user } = review.status ?? {};
  if (authenticated !== true || user?.username === undefined) return undefined;
  const { username, uid, groups = [] } = user;
  return { username, groups, ...(uid === undefined || uid === "" ? {} : { uid }) };
}
