import { ClusterRole, ClusterRoleBinding, MigCluster, Namespace, Secret } from "@drover/crds";
import { CustomResourceDefinition, crdManifest, migrationKinds, veleroKinds } from "@drover/crds";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { createAuthority, issueCertificate, startApiServer } from "@drover/lab";
import type { ApiServer, ApiServerOptions } from "@drover/lab";

/** One API server of the lab, and connections to it. */
export type TestCluster = {
  readonly server: ApiServer;
  readonly admin: Cluster;
  readonly adminToken: string;
  readonly devToken: string;
};

export type TestClusters = {
  readonly host: TestCluster;
  readonly source: TestCluster;
  readonly close: () => Promise<void>;
};

export const namespace = "openshift-migration";
export const configNamespace = "openshift-config";

const admins = ["system:masters", "system:cluster-admins", "system:authenticated"];
const authority = createAuthority("test clusters");

async function createNamespaces(cluster: Cluster, names: readonly string[]): Promise<void> {
  for (const name of names)
    await cluster.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}

async function startCluster(
  name: string,
  options: Partial<ApiServerOptions> = {},
): Promise<TestCluster> {
  const ca = await authority;
  const pair = await issueCertificate(ca, { commonName: name, hosts: ["127.0.0.1", "localhost"] });
  const adminToken = `${name}-admin-token`;
  const devToken = `${name}-dev-token`;
  const server = await startApiServer({
    name,
    port: 0,
    tls: { caPem: ca.certPem, ...pair },
    staticTokens: {
      [adminToken]: { username: "admin", groups: admins },
      [devToken]: { username: "dev", groups: ["system:authenticated"] },
    },
    ...options,
  });
  const admin = connect({ url: server.url, caPem: server.caPem, token: adminToken });
  await createNamespaces(admin, [namespace, configNamespace]);
  for (const kind of [...migrationKinds, ...veleroKinds])
    await admin.create(CustomResourceDefinition, crdManifest(kind));
  return { server, admin, adminToken, devToken };
}

async function allowDevToRead(cluster: Cluster): Promise<void> {
  const rbac = "rbac.authorization.k8s.io";
  await cluster.create(ClusterRole, {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name: "migration-reader" },
    rules: [
      { apiGroups: ["migration.openshift.io"], resources: ["*"], verbs: ["get", "list", "watch"] },
    ],
  });
  await cluster.create(ClusterRoleBinding, {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "dev-reads-migrations" },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "migration-reader" },
    subjects: [{ kind: "User", apiGroup: rbac, name: "dev" }],
  });
}

/** Registers `source` on `host`, with its admin token, as a person would have done. */
async function registerSource(host: TestCluster, source: TestCluster): Promise<void> {
  const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");
  await host.admin.create(Secret, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "source-token", namespace: configNamespace },
    data: { saToken: encode(source.adminToken) },
  });
  const cluster = (name: string, spec: MigCluster["spec"]): Promise<MigCluster> =>
    host.admin.create(MigCluster, {
      apiVersion: "migration.openshift.io/v1alpha1",
      kind: "MigCluster",
      metadata: { name, namespace },
      spec,
    });
  await cluster("host", { isHostCluster: true });
  await cluster("source", {
    isHostCluster: false,
    url: source.server.url,
    caBundle: encode(source.server.caPem),
    serviceAccountSecretRef: { name: "source-token", namespace: configNamespace },
  });
}

/** A host with the migration kinds and a registered source, both empty of workloads. */
export async function startTestClusters(
  hostOptions: Partial<ApiServerOptions> = {},
): Promise<TestClusters> {
  const [host, source] = await Promise.all([
    startCluster("host", hostOptions),
    startCluster("source"),
  ]);
  await allowDevToRead(host.admin);
  await registerSource(host, source);
  return {
    host,
    source,
    close: async () => {
      await Promise.all([host.admin.close(), source.admin.close()]);
      await Promise.all([host.server.close(), source.server.close()]);
    },
  };
}
