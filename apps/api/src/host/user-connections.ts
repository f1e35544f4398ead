import type { Cluster, ClusterConnection } from "@drover/kube";
import { connect } from "@drover/kube";
import type { ActiveSession } from "../session/session-store.ts";

/** Connections to the host cluster, one per session and with that session's token only. */
export type UserConnections = {
  readonly for: (session: Pick<ActiveSession, "id" | "token">) => Cluster;
  readonly drop: (sessionId: string) => void;
  readonly close: () => Promise<void>;
};

export function openUserConnections(host: ClusterConnection, limit = 200): UserConnections {
  const connections = new Map<string, Cluster>();
  const { url, caPem, insecure } = host;

  const drop = (id: string): void => {
    const cluster = connections.get(id);
    connections.delete(id);
    if (cluster !== undefined) void cluster.close();
  };

  return {
    for: (session) => {
      const cluster =
        connections.get(session.id) ??
        connect({
          url,
          token: session.token,
          insecure: insecure ?? false,
          ...(caPem === undefined ? {} : { caPem }),
        });
      connections.delete(session.id);
      connections.set(session.id, cluster);
      const [oldest] = connections.keys();
      if (connections.size > limit && oldest !== undefined) connections.delete(oldest);
      return cluster;
    },
    drop,
    close: async () => {
      await Promise.all([...connections.values()].map((cluster) => cluster.close()));
      connections.clear();
    },
  };
}
