import { connect, type Cluster } from "@drover/kube";
import { startApiServer } from "../../apiserver/api-server.ts";
import type { ApiServer, ApiServerOptions } from "../../apiserver/api-server-options.ts";
import { createAuthority, issueCertificate } from "../../tls/certificate-authority.ts";

const adminToken = "test-admin-token";

export type LabCluster = {
  readonly server: ApiServer;
  /** As a member of system:masters. */
  readonly cluster: Cluster;
  connectAs(token: string): Cluster;
  close(): Promise<void>;
};

/** A real API server of the lab, in memory, on a free port. */
export async function startLabCluster(
  name: string,
  options: Partial<Omit<ApiServerOptions, "name" | "tls">> = {},
): Promise<LabCluster> {
  const authority = await createAuthority(`${name} test`);
  const tls = await issueCertificate(authority, {
    commonName: "127.0.0.1",
    hosts: ["127.0.0.1", "localhost"],
  });
  const server = await startApiServer({
    name,
    tls: { caPem: authority.certPem, ...tls },
    staticTokens: { [adminToken]: { username: "admin", groups: ["system:masters"] } },
    ...options,
  });
  const connections: Cluster[] = [];
  const connectAs = (token: string): Cluster => {
    const cluster = connect({ url: server.url, caPem: server.caPem, token });
    connections.push(cluster);
    return cluster;
  };
  return {
    server,
    cluster: connectAs(adminToken),
    connectAs,
    async close() {
      for (const connection of connections) await connection.close();
      await server.close();
    },
  };
}
