import { connect } from "@drover/kube";
import type { ApiServer, ApiServerOptions } from "../apiserver/api-server-options.ts";
import { legacyToken } from "../apiserver/auth/service-account-tokens.ts";
import { tokenOwner } from "../reviews/token-owner.ts";
import { startFront } from "./front.ts";
import type { KubeAssets } from "./kube-assets.ts";
import { startKubeServer } from "./kube-server.ts";
import { startTokenReviewer } from "./token-review.ts";

/** The API server of a cluster of the lab, whichever program it is. */
export type ClusterServer = Omit<ApiServer, "compact" | "name"> & {
  /** Whether Kubernetes' own controllers run beside it already. */
  readonly hasControllers: boolean;
  /** Whether every account needs a token Secret, as before Kubernetes 1.24. */
  readonly hasTokenSecrets: boolean;
  /** Settles with the reason when it ended by itself. */
  readonly failure: Promise<string>;
};

export type KubeClusterOptions = Required<
  Pick<ApiServerOptions, "port" | "dataDir" | "tls" | "staticTokens" | "nodePorts">
> &
  Pick<ApiServerOptions, "authenticateToken" | "extraRoutes"> & {
    readonly assets: KubeAssets;
    readonly adminToken: string;
    /** First two octets of cluster IPs. */
    readonly serviceNetwork: string;
  };

/** Starts a real kube-apiserver as one of the lab's clusters, with OpenShift's paths before it. */
export async function startKubeClusterServer(options: KubeClusterOptions): Promise<ClusterServer> {
  const { tls, staticTokens, adminToken, nodePorts, authenticateToken } = options;
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    const reviewer = await startTokenReviewer(async (token) => authenticateToken?.(token));
    closing.push(() => reviewer.close());
    const server = await startKubeServer({
      assets: options.assets,
      directory: options.dataDir,
      secrets: { tls, staticTokens, tokenReviewUrl: reviewer.url },
      adminToken,
      network: { serviceRange: `${options.serviceNetwork}.0.0/16`, nodePorts },
    });
    closing.push(() => server.close());
    const admin = connect({ url: server.url, caPem: tls.caPem, token: adminToken });
    closing.push(() => admin.close());
    const front = await startFront({
      port: options.port,
      tls,
      target: { url: server.url, caPem: tls.caPem },
      routes: options.extraRoutes ?? [],
      reviewToken: (token) => tokenOwner(admin, token),
    });
    closing.push(() => front.close());
    return {
      url: front.url,
      port: front.port,
      caPem: tls.caPem,
      hasControllers: server.hasControllers,
      hasTokenSecrets: server.hasTokenSecrets,
      failure: server.failure,
      signAccountToken: (account, secretName) => legacyToken(server.keys, account, secretName),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
