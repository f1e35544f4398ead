import { createHash } from "node:crypto";
import { MigCluster, Secret, isRefSet, tokenSecretKey } from "@drover/crds";
import { KubeError, connect } from "@drover/kube";
import type { Cluster, ClusterConnection } from "@drover/kube";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { Config } from "../config.ts";
import { pinnedTo, resolveClusterAddress } from "./cluster-address.ts";

/** Connections to registered clusters, for people who may use them. */
export type ClusterAccess = {
  /**
   * Everything is read with the person's own token: the MigCluster, and the Secret with the token that opens the
   * cluster. Who may not read both is refused.
   */
  readonly open: (actor: Actor, name: string) => Promise<Cluster>;
  readonly close: () => Promise<void>;
};

type Entry = { readonly cluster: Cluster; readonly openedAt: number };

const limit = 50;
const keepMs = 5 * 60_000;

/** A cluster's saved token, if this person may read it. */
export async function readToken(actor: Actor, cluster: MigCluster): Promise<string> {
  const name = cluster.metadata.name ?? "";
  const ref = cluster.spec.serviceAccountSecretRef;
  if (!isRefSet(ref))
    throw new AppError(
      "NOT_READY",
      `Cluster ${name} names no Secret with its token. Edit the cluster and enter one.`,
    );
  try {
    const secret = await actor.cluster.get(Secret, ref);
    const token = Buffer.from(secret.data?.[tokenSecretKey] ?? "", "base64")
      .toString("utf8")
      .trim();
    if (token !== "") return token;
  } catch (cause) {
    if (cause instanceof KubeError && cause.isForbidden)
      throw new AppError(
        "FORBIDDEN",
        `${actor.name} may not look into cluster ${name}: that takes the right to get Secret ${ref.namespace}/${ref.name}, which holds its token.`,
        { cause },
      );
    throw cause;
  }
  throw new AppError(
    "NOT_READY",
    `Secret ${ref.namespace}/${ref.name} holds no token under ${tokenSecretKey}. Edit cluster ${name} and enter its token again.`,
  );
}

function decodedBundle(cluster: MigCluster): string | undefined {
  const { caBundle } = cluster.spec;
  return caBundle === undefined || caBundle === ""
    ? undefined
    : Buffer.from(caBundle, "base64").toString("utf8");
}

export function openClusterAccess(config: Pick<Config, "namespace" | "lab">): ClusterAccess {
  const connections = new Map<string, Entry>();

  // What opens the cluster is the key, so that no one is handed a connection they could not have made themselves.
  const pooled = async (connection: ClusterConnection & { readonly token: string }) => {
    const key = createHash("sha256").update(JSON.stringify(connection)).digest("hex");
    const known = connections.get(key);
    if (known !== undefined && Date.now() - known.openedAt < keepMs) return known.cluster;
    const address = await resolveClusterAddress(connection.url, { allowLoopback: config.lab });
    const cluster = connect({ ...connection, ...pinnedTo(address) });
    // One that falls out is not closed: somebody may still be following a log through it. Idle sockets end by themselves.
    connections.set(key, { cluster, openedAt: Date.now() });
    const [oldest] = connections.keys();
    if (connections.size > limit && oldest !== undefined) connections.delete(oldest);
    return cluster;
  };

  return {
    open: async (actor, name) => {
      const found = await actor.cluster.get(MigCluster, { namespace: config.namespace, name });
      if (found.spec.isHostCluster) return actor.cluster;
      const caPem = decodedBundle(found);
      return pooled({
        url: found.spec.url ?? "",
        token: await readToken(actor, found),
        insecure: found.spec.insecure ?? false,
        ...(caPem === undefined ? {} : { caPem }),
      });
    },
    close: async () => {
      await Promise.all([...connections.values()].map(({ cluster }) => cluster.close()));
      connections.clear();
    },
  };
}
