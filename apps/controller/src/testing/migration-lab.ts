import {
  MigCluster,
  MigMigration,
  MigPlan,
  MigStorage,
  Secret,
  hasCondition,
  isReady,
} from "@drover/crds";
import type { KubeObject, MigMigration as Migration, ResourceKind } from "@drover/crds";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { chosenKubeAssets, startLab } from "@drover/lab";
import type { Lab, LabOptions } from "@drover/lab";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { vi } from "vitest";
import { reconcilers } from "../app.ts";
import { registrationReader } from "../cluster/registration.ts";
import { ClusterPool } from "../runtime/cluster-pool.ts";
import { startController } from "../runtime/controller.ts";
import { Metrics } from "../runtime/metrics.ts";
import { Life } from "./life.ts";
import { NAMESPACE, create } from "./test-cluster.ts";

/** Two whole clusters with the sample applications on `source`, a repository, and a controller that can be killed. */
export type MigrationLab = {
  readonly lab: Lab;
  readonly host: Cluster;
  readonly source: Cluster;
  /** With a `Life`, the controller is cut off from every cluster once that is over. */
  startController(life?: Life): Promise<void>;
  /** Ends the controller as it stands; what it was about to do is not done. */
  killController(): Promise<void>;
  close(): Promise<void>;
};

export async function startMigrationLab(
  options: Pick<LabOptions, "sizedVolumes"> = {},
): Promise<MigrationLab> {
  const stateDir = await mkdtemp(join(tmpdir(), "migration-lab-"));
  const lab = await startLab({
    stateDir,
    clusters: ["host", "source"],
    seed: true,
    ...chosenKubeAssets(process.env),
    ...options,
  });
  const host = connectTo(lab, "host");
  const source = connectTo(lab, "source");
  let running: { stop(): Promise<void> } | undefined;
  const killController = async () => {
    await running?.stop();
    running = undefined;
  };
  await addRepository(lab, host);
  return {
    lab,
    host,
    source,
    startController: async (life = new Life()) => {
      running = await runController(lab, life);
    },
    killController,
    close: async () => {
      await killController();
      await Promise.all([host.close(), source.close()]);
      await lab.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

function connectTo(lab: Lab, name: "host" | "source"): Cluster {
  const { url, caPem, adminToken } = lab.cluster(name);
  return connect({ url, caPem, token: adminToken });
}

async function runController(lab: Lab, life: Life): Promise<{ stop(): Promise<void> }> {
  const host = life.lend(connectTo(lab, "host"));
  const log = pino({ level: process.env["LAB_LOG"] ?? "silent" });
  const metrics = new Metrics();
  const clusters = new ClusterPool({
    host,
    readRegistration: registrationReader(host),
    connect: (connection) => life.lend(connect(connection)),
  });
  const deps = { host, namespace: NAMESPACE, clusters, metrics, log };
  const starting = startController({
    ...deps,
    reconcilers: reconcilers(deps),
    signal: life.over,
  });
  // A life may end before the start does; that is a kill like any other.
  const controller = await starting.catch((error: unknown) => {
    if (!life.over.aborted) throw error;
  });
  return {
    stop: async () => {
      await controller?.stop();
      await clusters.close();
      await host.close();
    },
  };
}

async function addRepository({ objectStore }: Lab, host: Cluster): Promise<void> {
  const credentials = { name: "repository", namespace: "openshift-config" };
  await create(host, Secret, {
    metadata: credentials,
    stringData: {
      "aws-access-key-id": objectStore.accessKey,
      "aws-secret-access-key": objectStore.secretKey,
    },
  });
  await create(host, MigStorage, {
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

export type PlanWish = {
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly spec?: Partial<MigPlan["spec"]>;
};

/** A plan from `source` to `host`, once it is ready. */
export async function aReadyPlan(
  { host }: MigrationLab,
  { name, namespaces, spec = {} }: PlanWish,
): Promise<MigPlan> {
  await until(host, MigCluster, "source", isReady);
  const ref = (one: string) => ({ name: one, namespace: NAMESPACE });
  await create(host, MigPlan, {
    metadata: { name, namespace: NAMESPACE },
    spec: {
      srcMigClusterRef: ref("source"),
      destMigClusterRef: ref("host"),
      migStorageRef: ref("repository"),
      namespaces: [...namespaces],
      ...spec,
    },
  });
  return until(host, MigPlan, name, isReady);
}

type RunWish = { readonly name: string; readonly plan: string; readonly spec: object };

export async function begin({ host }: MigrationLab, { name, plan, spec }: RunWish): Promise<void> {
  await create(host, MigMigration, {
    metadata: { name, namespace: NAMESPACE },
    spec: { migPlanRef: { name: plan, namespace: NAMESPACE }, ...spec },
  });
}

/** The run once it is over, however it ended. */
export function ended({ host }: MigrationLab, name: string): Promise<Migration> {
  return until(host, MigMigration, name, ({ status }) => status?.phase === "Completed");
}

export async function run(lab: MigrationLab, wish: RunWish): Promise<Migration> {
  await begin(lab, wish);
  return ended(lab, wish.name);
}

export function hasSucceeded({ status }: Migration): boolean {
  return hasCondition(status?.conditions, "Succeeded", "SucceededWithWarnings");
}

/** The object once it is as wanted; fails with what it was last. */
export function until<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  name: string,
  isWanted: (object: T) => boolean,
): Promise<T> {
  return vi.waitFor(
    async () => {
      const object = await cluster.get(kind, { name, namespace: NAMESPACE });
      if (isWanted(object)) return object;
      throw new Error(`${name} is not there yet: ${JSON.stringify(object)}`);
    },
    { timeout: 90_000, interval: 25 },
  );
}
