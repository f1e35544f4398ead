import {
  CustomResourceDefinition,
  Namespace,
  apiVersionOf,
  crdManifest,
  migrationKinds,
  veleroKinds,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError, connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { createAuthority, issueCertificate, startApiServer } from "@drover/lab";
import type { ApiServer, ApiServerOptions } from "@drover/lab";
import { expect, vi } from "vitest";

export const NAMESPACE = "openshift-migration";
export const ADMIN_TOKEN = "admin-token";
export const WEAK_TOKEN = "weak-token";

/** A real API server with our kinds installed, for one test file. */
export type TestCluster = {
  readonly server: ApiServer;
  /** Connected as someone who may do everything. */
  readonly cluster: Cluster;
  /** The server's CA as MigCluster wants it. */
  readonly caBundle: string;
  close(): Promise<void>;
};

export async function startTestCluster(
  name: string,
  options: Partial<ApiServerOptions> = {},
): Promise<TestCluster> {
  const authority = await createAuthority(`${name} CA`);
  const leaf = await issueCertificate(authority, { commonName: name, hosts: ["127.0.0.1"] });
  const server = await startApiServer({
    name,
    tls: { caPem: authority.certPem, ...leaf },
    staticTokens: {
      [ADMIN_TOKEN]: { username: "admin", groups: ["system:masters", "system:authenticated"] },
      [WEAK_TOKEN]: { username: "weak", groups: ["system:authenticated"] },
    },
    ...options,
  });
  const cluster = connect({ url: server.url, caPem: authority.certPem, token: ADMIN_TOKEN });
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  return {
    server,
    cluster,
    caBundle: Buffer.from(authority.certPem).toString("base64"),
    close: async () => {
      await cluster.close();
      await server.close();
    },
  };
}

export async function createNamespace(
  cluster: Cluster,
  name: string,
  annotations: Record<string, string> = {},
): Promise<void> {
  await cluster.create(Namespace, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, annotations },
  });
}

/** Creates an object with apiVersion and kind filled in. */
export function create<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  object: Omit<T, "apiVersion" | "kind">,
): Promise<T> {
  const whole = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...object };
  return cluster.create(kind, whole as unknown as T);
}

/** Reads an object until it is as the test expects; fails with the last difference. */
export async function expectEventually<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  check: { readonly name: string; readonly namespace?: string; readonly is: (object: T) => void },
): Promise<T> {
  const { name, namespace = NAMESPACE, is } = check;
  return vi.waitFor(
    async () => {
      const ref = kind.namespaced ? { name, namespace } : { name };
      const object = await cluster.get(kind, ref);
      is(object);
      return object;
    },
    { timeout: 60_000, interval: 20 },
  );
}

type Conditioned = {
  readonly status?: { readonly conditions?: readonly ConditionFacts[] | undefined } | undefined;
};
type ConditionFacts = {
  readonly type: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
};

export function conditionOf(object: Conditioned, type: string): ConditionFacts | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type);
}

export function conditionTypes(object: Conditioned): string[] {
  return (object.status?.conditions ?? []).map(({ type }) => type).toSorted();
}

/** Passes once the object carries Ready and nothing else. */
export function isJustReady(object: Conditioned): void {
  expect(conditionTypes(object), JSON.stringify(object.status?.conditions)).toEqual(["Ready"]);
}

/** Passes once the object carries the condition with this text in its message. */
export function says(type: string, text: string | RegExp): (object: Conditioned) => void {
  return (object) => {
    const message = conditionOf(object, type)?.message;
    expect(message ?? "", JSON.stringify(object.status?.conditions)).toMatch(text);
  };
}

async function installKinds(cluster: Cluster): Promise<void> {
  const kinds = [...migrationKinds, ...veleroKinds];
  for (const kind of kinds) await cluster.create(CustomResourceDefinition, crdManifest(kind));
  await Promise.all(kinds.map((kind) => served(cluster, kind)));
}

async function served(cluster: Cluster, kind: ResourceKind): Promise<void> {
  const list = async () => {
    const page = await cluster.listPage(kind, { limit: 1 }).catch((error: unknown) => {
      if (error instanceof KubeError && error.isNotFound) return undefined;
      throw error;
    });
    expect(page, `${kind.plural} are served`).toBeDefined();
  };
  await vi.waitFor(list, { timeout: 60_000, interval: 10 });
}
