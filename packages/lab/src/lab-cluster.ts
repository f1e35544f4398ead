import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";
import { migrationKinds, veleroKinds } from "@drover/crds";
import type { ClusterKnobs } from "./faults/cluster-knobs.ts";
import { startClusterControllers } from "./controllers/start-cluster-controllers.ts";
import { startClusterServer } from "./cluster-server.ts";
import type { KubeAssets } from "./kubeserver/kube-assets.ts";
import type { ClusterServer } from "./kubeserver/kube-cluster-server.ts";
import type { ClusterLayout } from "./lab-layout.ts";
import type { ClusterIdentity } from "./lab-identity.ts";
import type { ClusterPlan } from "./lab-plan.ts";
import type { ProgramRegistry } from "./node/program-registry.ts";
import type { LabNetwork } from "./node/lab-network.ts";
import { clusterView } from "./node/runtime/cluster-view.ts";
import type { ClusterView } from "./node/runtime/cluster-view.ts";
import type { Running } from "./node/runtime/controller.ts";
import { startNodeRoom } from "./node/start-node-room.ts";
import { installKinds, installOpenshiftKinds } from "./openshift/install-kinds.ts";
import type { OAuthServer } from "./openshift/oauth/oauth-server.ts";
import { openshiftRoutes } from "./openshift/routes/openshift-routes.ts";
import { startRouter } from "./openshift/router/router.ts";
import { routeDomainOf, startOpenshiftControllers } from "./openshift/start-controllers.ts";
import { PersistentVolume } from "./node/kinds/storage.ts";
import { startStorageRoom } from "./storage/start-storage-room.ts";
import type { ClassOptions } from "./storage/start-storage-room.ts";
import { volumeDirectory } from "./storage/volume-directory.ts";
import { installRegistry } from "./registry/install-registry.ts";
import { startVelero } from "./velero/velero.ts";

export type LabClusterOptions = {
  readonly plan: ClusterPlan;
  readonly identity: ClusterIdentity;
  readonly layout: ClusterLayout;
  /** 0 for any free port. */
  readonly port: number;
  readonly openshift: boolean;
  /** The real API server to run on; the lab's own when absent. */
  readonly kubeAssets?: KubeAssets;
  /** A storage class more, whose volumes hold no more than their capacity. */
  readonly sizedVolumes: boolean;
  readonly programs: ProgramRegistry;
  /** What pods of all clusters of the lab resolve hosts with. */
  readonly network: LabNetwork;
  /** Where programs of pods are looked for. */
  readonly searchPath: string;
  /** The OAuth server of the cluster, once it runs. */
  readonly oauth: () => OAuthServer | undefined;
  /** What can be made to misbehave. */
  readonly knobs: ClusterKnobs;
  readonly log: Logger;
};

/** One cluster of the lab while it runs. */
export type RunningCluster = {
  readonly plan: ClusterPlan;
  readonly server: ClusterServer;
  readonly identity: ClusterIdentity;
  readonly layout: ClusterLayout;
  /** As its administrator. */
  readonly cluster: Cluster;
  /** Host and port of the registry; OpenShift only. */
  readonly registryAddress: string | undefined;
  close(): Promise<void>;
};

/** Starts an API server with everything that acts on it: node, storage, OpenShift's control plane. */
export async function startLabCluster(options: LabClusterOptions): Promise<RunningCluster> {
  const { plan, identity, layout, openshift, knobs } = options;
  const log = options.log.child({ cluster: plan.name });
  let admin: Cluster | undefined;
  const adminCluster = (): Cluster => {
    if (admin === undefined) throw new Error(`Cluster ${plan.name} is still starting.`);
    return admin;
  };
  const server = await startClusterServer({
    ...options,
    extraRoutes: openshift ? openshiftRoutes({ cluster: adminCluster, oauth: options.oauth }) : [],
  });
  const connection = { url: server.url, caPem: server.caPem, token: identity.adminToken };
  const cluster = connect(connection);
  admin = cluster;
  const rooms: Running[] = [];
  let registryAddress: string | undefined;
  const close = async (): Promise<void> => {
    for (const room of rooms.toReversed()) await room.close();
    await cluster.close();
    await server.close();
  };
  try {
    if (openshift) await installOpenshiftKinds(cluster);
    await installKinds(cluster, plan.isHost ? [...veleroKinds, ...migrationKinds] : veleroKinds);
    const view = clusterView({ clusterName: plan.name, cluster: connect(connection), log });
    rooms.push({ close: () => view.close() });
    if (!server.hasControllers) {
      const { caPem, hasTokenSecrets, signAccountToken: signToken } = server;
      rooms.push(await startClusterControllers({ view, caPem, signToken, hasTokenSecrets }));
    }
    rooms.push(
      await startStorageRoom({
        view,
        layout,
        classes: classesOf(options),
        onRemoval: (name) => knobs.volumes.release(name),
      }),
    );
    rooms.push(await openNode(options, view, server.port));
    if (openshift) {
      const { name: clusterName } = plan;
      rooms.push(await startOpenshiftControllers({ cluster, clusterName, logger: log }));
      rooms.push(await openRouter(options, view));
      const { authority } = identity;
      const routeDomain = routeDomainOf(clusterName);
      registryAddress = await installRegistry({ cluster, routeDomain, authority });
    }
    rooms.push(
      await startVelero({
        cluster,
        clusterName: plan.name,
        stateDir: layout.veleroDir,
        volumeDir: async (name) => {
          const volume = await cluster.find(PersistentVolume, { name });
          return volume && volumeDirectory(layout, volume);
        },
        logger: log,
      }),
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { plan, server, identity, layout, cluster, registryAddress, close };
}

function openNode(
  options: LabClusterOptions,
  view: ClusterView,
  serverPort: number,
): Promise<Running> {
  const { identity, knobs, layout, network, openshift, programs } = options;
  return startNodeRoom({
    view,
    layout,
    programs,
    tls: identity.server,
    network: identity.network,
    resolve: network.resolve,
    baseEnv: {
      PATH: options.searchPath,
      KUBERNETES_SERVICE_HOST: "127.0.0.1",
      KUBERNETES_SERVICE_PORT: String(serverPort),
    },
    openshift,
    link: knobs.link,
  });
}

async function openRouter(
  { identity, network, knobs }: LabClusterOptions,
  view: ClusterView,
): Promise<Running> {
  // Above the load balancers, whose addresses count from the first.
  const address = `127.${identity.network + 2}.127.253`;
  const router = await startRouter({
    view,
    address,
    authority: identity.authority,
    link: knobs.link,
  });
  const leave = network.join((host, port) => router.resolve(host, port));
  return {
    async close() {
      leave();
      await router.close();
    },
  };
}

function classesOf({ plan, sizedVolumes }: LabClusterOptions): readonly ClassOptions[] {
  const { storageClasses } = plan;
  return sizedVolumes ? [...storageClasses, { name: "sized", isSized: true }] : storageClasses;
}
