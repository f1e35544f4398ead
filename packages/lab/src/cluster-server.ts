import { startApiServer } from "./apiserver/api-server.ts";
import type { ExtraRoute } from "./apiserver/api-server-options.ts";
import type { UserInfo } from "./apiserver/auth/user-info.ts";
import type { ClusterKnobs } from "./faults/cluster-knobs.ts";
import { startKubeClusterServer } from "./kubeserver/kube-cluster-server.ts";
import type { ClusterServer } from "./kubeserver/kube-cluster-server.ts";
import type { KubeAssets } from "./kubeserver/kube-assets.ts";
import type { ClusterIdentity } from "./lab-identity.ts";
import type { ClusterLayout } from "./lab-layout.ts";
import type { OAuthServer } from "./openshift/oauth/oauth-server.ts";

export type ClusterServerOptions = {
  readonly plan: { readonly name: string };
  readonly identity: ClusterIdentity;
  readonly layout: ClusterLayout;
  /** 0 for any free port. */
  readonly port: number;
  /** The OAuth server of the cluster, once it runs. */
  readonly oauth: () => OAuthServer | undefined;
  /** The real API server to run on; the lab's own when absent. */
  readonly kubeAssets?: KubeAssets;
  readonly extraRoutes: readonly ExtraRoute[];
  /** Those of the API server; a real one knows none. */
  readonly knobs: Pick<ClusterKnobs, "api" | "now">;
};

/** Starts a cluster's API server: the lab's own, or a real kube-apiserver. */
export async function startClusterServer(options: ClusterServerOptions): Promise<ClusterServer> {
  const { identity, plan, port, layout, extraRoutes, kubeAssets } = options;
  const shared = {
    port,
    tls: { caPem: identity.authority.certPem, ...identity.server },
    staticTokens: staticTokens(identity),
    authenticateToken: async (token: string) => options.oauth()?.authenticateToken(token),
    serviceNetwork: `127.${identity.network + 1}`,
    nodePorts: identity.nodePorts,
    extraRoutes,
  };
  if (kubeAssets !== undefined) {
    const { adminToken } = identity;
    const dataDir = layout.kubeServerDir;
    return startKubeClusterServer({ ...shared, assets: kubeAssets, adminToken, dataDir });
  }
  const server = await startApiServer({
    ...shared,
    name: plan.name,
    dataDir: layout.apiserverDir,
    faults: options.knobs.api,
    now: options.knobs.now,
  });
  // It lives in this process: what ends it ends all of the lab.
  return {
    ...server,
    hasControllers: false,
    hasTokenSecrets: false,
    failure: new Promise(() => undefined),
  };
}

function staticTokens(identity: ClusterIdentity): Record<string, UserInfo> {
  const signedIn = "system:authenticated";
  return {
    [identity.adminToken]: {
      username: "admin",
      groups: ["system:masters", "system:cluster-admins", signedIn],
    },
    [identity.devToken]: { username: "dev", groups: [signedIn] },
  };
}
