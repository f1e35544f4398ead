import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { MigCluster, MigPlan, MigStorage, Secret, hasCondition, isReady } from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { connect, liveStore, type Cluster } from "@drover/kube";
import { startLab, type Lab, type SeedOptions } from "@drover/lab";

export const NAMESPACE = "openshift-migration";
const PATIENCE_MS = 60_000;
const controllerPath = fileURLToPath(new URL("../../apps/controller/src/main.ts", import.meta.url));

/** Two clusters of the lab, and the controller as a process of its own. */
export type Product = {
  readonly host: Cluster;
  readonly source: Cluster;
  close(): Promise<void>;
};

export async function startProduct(stateDir: string, seed: SeedOptions): Promise<Product> {
  const lab = await startLab({ stateDir, clusters: ["host", "source"], seed });
  const [host, source] = [clusterOf(lab, "host"), clusterOf(lab, "source")];
  let controller: ChildProcess | undefined;
  const close = async (): Promise<void> => {
    await endProcess(controller);
    await Promise.all([host.close(), source.close()]);
    await lab.close();
  };
  try {
    controller = await startController(lab);
    await addRepository(lab, host);
    for (const name of ["source", "host"]) await until(host, { kind: MigCluster, name }, isReady);
    await until(host, { kind: MigStorage, name: "repository" }, isReady);
    return { host, source, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function clusterOf(lab: Lab, name: "host" | "source"): Cluster {
  const { url, caPem, adminToken } = lab.cluster(name);
  return connect({ url, caPem, token: adminToken });
}

async function startController(lab: Lab): Promise<ChildProcess> {
  const child = spawn(process.execPath, [controllerPath], {
    env: {
      ...process.env,
      DROVER_KUBECONFIG: lab.layout.controllerKubeconfig,
      DROVER_CONTROLLER_PORT: "0",
      DROVER_LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("controller ready")) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error("The controller ended before it was ready.");
}

async function endProcess(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function addRepository({ objectStore }: Lab, host: Cluster): Promise<void> {
  const credentials = { name: "repository", namespace: "openshift-config" };
  await host.create(Secret, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: credentials,
    stringData: {
      "aws-access-key-id": objectStore.accessKey,
      "aws-secret-access-key": objectStore.secretKey,
    },
  });
  await host.create(MigStorage, {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigStorage",
    metadata: { name: "repository", namespace: NAMESPACE },
    spec: {
      backupStorageProvider: "aws",
      backupStorageConfig: {
        awsBucketName: objectStore.bucket,
        awsS3Url: objectStore.url,
        credsSecretRef: credentials,
      },
    },
  });
}

/** Creates a plan from `source` to `host`. */
export async function createPlan(
  { host }: Product,
  { name, namespaces }: { readonly name: string; readonly namespaces: readonly string[] },
): Promise<void> {
  const ref = (one: string) => ({ name: one, namespace: NAMESPACE });
  await host.create(MigPlan, {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigPlan",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      srcMigClusterRef: ref("source"),
      destMigClusterRef: ref("host"),
      migStorageRef: ref("repository"),
      namespaces: [...namespaces],
    },
  });
}

export const isDiscovered = (plan: MigPlan): boolean =>
  hasCondition(plan.status?.conditions, "PvsDiscovered");

type Wanted<T extends KubeObject> = { readonly kind: ResourceKind<T>; readonly name: string };

/** The object of the migration namespace as soon as it is as wanted, heard from a watch. */
export async function until<T extends KubeObject>(
  cluster: Cluster,
  { kind, name }: Wanted<T>,
  isWanted: (object: T) => boolean,
): Promise<T> {
  const store = liveStore(cluster, kind, { namespace: NAMESPACE });
  const found = Promise.withResolvers<T>();
  const look = (): void => {
    const object = store.get({ name, namespace: NAMESPACE });
    if (object !== undefined && isWanted(object)) found.resolve(object);
  };
  store.subscribe(look);
  const patience = setTimeout(() => {
    const last = JSON.stringify(store.get({ name, namespace: NAMESPACE }) ?? "absent");
    const waited = `${PATIENCE_MS / 1000} s`;
    found.reject(new Error(`${kind.kind} ${name} is not as wanted after ${waited}: ${last}`));
  }, PATIENCE_MS);
  try {
    await store.ready;
    look();
    return await found.promise;
  } finally {
    clearTimeout(patience);
    store.close();
  }
}
