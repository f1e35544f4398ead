import { connect } from "@drover/kube";
import { pino } from "pino";
import { startApiServer } from "../apiserver/api-server.ts";
import { startClusterControllers } from "../controllers/start-cluster-controllers.ts";
import { clusterView } from "../node/runtime/cluster-view.ts";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";
import { ApiClient } from "./api-client.ts";
import type { RunningServer } from "./server-under-test.ts";

const ADMIN = "admin-token";
const OUTSIDER = "outsider-token";

/** Starts the lab's API server, in memory and on a free port, with Kubernetes' own controllers beside it. */
export async function startLabUnderTest(): Promise<RunningServer> {
  const authority = await createAuthority("conformance");
  const pair = await issueCertificate(authority, {
    commonName: "kube-apiserver",
    hosts: ["127.0.0.1", "localhost"],
  });
  const server = await startApiServer({
    name: "conformance",
    tls: { caPem: authority.certPem, ...pair },
    staticTokens: {
      [ADMIN]: { username: "admin", groups: ["system:masters"] },
      [OUTSIDER]: { username: "outsider", groups: [] },
    },
    bookmarkIntervalMs: 200,
  });
  const { url, caPem } = server;
  const cluster = connect({ url, caPem, token: ADMIN });
  const view = clusterView({ clusterName: "conformance", cluster, log: pino({ level: "silent" }) });
  const controllers = await startClusterControllers({
    view,
    caPem,
    signToken: (account, secretName) => server.signAccountToken(account, secretName),
  });
  const client = new ApiClient({ url, caPem, token: ADMIN });
  const { body } = await client.get("/version");
  client.close();
  return {
    server: {
      name: "lab",
      version: body.text("gitVersion").replace(/^v/, ""),
      url,
      caPem,
      adminToken: ADMIN,
      outsider: { token: OUTSIDER, username: "outsider" },
      hasControllers: true,
      compact: async () => server.compact(),
    },
    async close() {
      await controllers.close();
      await view.close();
      await server.close();
    },
  };
}
