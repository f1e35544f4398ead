import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { pino } from "pino";
import type { Logger } from "pino";
import { followFaultFile } from "./faults/fault-file.ts";
import { LabFaults } from "./faults/lab-faults.ts";
import { kubeconfig } from "./kubeconfig.ts";
import type { KubeAssets } from "./kubeserver/kube-assets.ts";
import { startLabCluster } from "./lab-cluster.ts";
import type { RunningCluster } from "./lab-cluster.ts";
import { createIdentity, findIdentity, fixedAddressing, writePrivately } from "./lab-identity.ts";
import type { ClusterIdentity } from "./lab-identity.ts";
import { openObjectStore } from "./lab-object-store.ts";
import type { ObjectStoreAccess } from "./lab-object-store.ts";
import { reserveAddressing, reserveNetwork } from "./network-reservation.ts";
import type { NetworkReservation } from "./network-reservation.ts";
import { claimState } from "./lab-state.ts";
import { labLayout } from "./lab-layout.ts";
import type { LabLayout } from "./lab-layout.ts";
import { clusterPlans } from "./lab-plan.ts";
import type { ClusterName, ClusterPlan } from "./lab-plan.ts";
import type { LabNetwork } from "./node/lab-network.ts";
import { labNetwork } from "./node/lab-network.ts";
import type { Program } from "./node/program.ts";
import { programRegistry } from "./node/program-registry.ts";
import type { OAuthServer } from "./openshift/oauth/oauth-server.ts";
import { startOAuthServer } from "./openshift/oauth/oauth-server.ts";
import { registryProgram } from "./registry/registry-program.ts";
import { accounts } from "./seed/accounts.ts";
import { seedLab } from "./seed/seed-lab.ts";
import type { SeedOptions } from "./seed/seed-lab.ts";
import { labPrograms } from "./workloads/lab-programs.ts";

export type LabPorts = Partial<Record<ClusterName | "objectStore" | "oauth", number>>;

export type LabOptions = {
  /** Everything the lab keeps is below it; starting again with the same one continues. */
  readonly stateDir: string;
  /** Any free port for what is absent or 0. */
  readonly ports?: LabPorts;
  /** All three when absent. */
  readonly clusters?: readonly ClusterName[];
  /** The real kube-apiserver to run every cluster on; the lab's own when absent. */
  readonly kubeAssets?: KubeAssets;
  /** OpenShift's kinds, controllers and sign-in; true when absent. */
  readonly openshift?: boolean;
  /** Accounts, settings, registrations and sample applications; none when absent. */
  readonly seed?: boolean | SeedOptions;
  /** The storage class `sized`, whose volumes can really be full; needs root. None when absent. */
  readonly sizedVolumes?: boolean;
  /** Images beside those the lab has anyway. */
  readonly programs?: Readonly<Record<string, Program>>;
  /** Where a browser may be sent after signing in. */
  readonly redirectUris?: readonly string[];
  /** The PATH of pods' programs. */
  readonly searchPath?: string;
  /** The same addresses at every start, for a lab that people use; otherwise chosen at its first start. */
  readonly hasFixedAddresses?: boolean;
  readonly log?: Logger;
};

export type LabClusterAccess = {
  readonly name: ClusterName;
  readonly url: string;
  readonly port: number;
  readonly caPem: string;
  readonly adminToken: string;
  /** As the user `dev`. */
  readonly devToken: string;
  /** Volumes are directories below it, named for their PersistentVolume. */
  readonly volumesDir: string;
  /** Host and port of the cluster's registry, whose certificate `caPem` verifies; with OpenShift. */
  readonly registryAddress: string | undefined;
};

export type Lab = {
  /** Asking for a cluster that was not started is an error. */
  cluster(name: ClusterName): LabClusterAccess;
  readonly clusters: Readonly<Partial<Record<ClusterName, LabClusterAccess>>>;
  readonly objectStore: ObjectStoreAccess;
  /** Of the `host` cluster, with OpenShift. */
  readonly oauth: OAuthServer | undefined;
  readonly kubeconfigPath: string;
  /** What can be made to go wrong. */
  readonly faults: LabFaults;
  readonly layout: LabLayout;
  /** Settles with the reason when an API server ended by itself; the lab is of no use then. */
  readonly failure: Promise<string>;
  /** Where a connection really goes: hosts of Routes lead to the router of their cluster. */
  resolve(host: string, port: number): { readonly host: string; readonly port: number };
  /** Stops pods, saves and closes everything. The state stays for the next start. */
  close(): Promise<void>;
};

const defaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Starts whole clusters on this machine, on loopback only, and resolves when all of it answers. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const layout = labLayout(resolve(options.stateDir));
  const log = options.log ?? pino({ level: "silent" });
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  const hasOwnServers = options.kubeAssets === undefined;
  try {
    await claimState(layout, hasOwnServers ? "embedded" : "kube");
    await mkdir(layout.nfsDir, { recursive: true });
    const faults = new LabFaults(layout, { hasOwnServers });
    const faultFile = await followFaultFile(layout.faults, faults, log);
    closing.push(() => faultFile.close());
    const objectStore = await openObjectStore(
      layout,
      options.ports?.objectStore ?? 0,
      faults.objectStore,
    );
    closing.push(() => objectStore.close());
    let oauth: OAuthServer | undefined;
    const network = labNetwork();
    const running = await startClusters(options, {
      layout,
      log,
      faults,
      network,
      oauth: () => oauth,
    });
    closing.push(async () => void (await Promise.all(running.map((cluster) => cluster.close()))));
    closing.push(async () => {
      await faultFile.close();
      await faults.close();
    });
    await faults.attach(running.map(({ plan: { name }, cluster }) => ({ name, cluster })));
    oauth = await openSignIn(options, { layout, log, running });
    closing.push(async () => oauth?.close());
    await writePrivately(layout.kubeconfig, kubeconfig(contextsOf(running)));
    if (options.seed !== undefined && options.seed !== false) {
      const seed = options.seed === true ? {} : options.seed;
      await seedLab({ running, layout, openshift: options.openshift ?? true }, seed);
    }
    const { resolve } = network;
    return labOf(running, { layout, faults, objectStore, oauth, resolve, close });
  } catch (error) {
    await close();
    throw error;
  }
}

type Scene = { readonly layout: LabLayout; readonly log: Logger };

async function startClusters(
  options: LabOptions,
  {
    layout,
    log,
    faults,
    network,
    oauth,
  }: Scene & {
    readonly faults: LabFaults;
    readonly network: LabNetwork;
    readonly oauth: () => OAuthServer | undefined;
  },
): Promise<RunningCluster[]> {
  const wanted = clusterPlans.filter(({ name }) => options.clusters?.includes(name) ?? true);
  const programs = programRegistry({
    ...labPrograms,
    "drover.lab/image-registry": registryProgram((cluster) => faults.registryOf(cluster)),
    ...options.programs,
  });
  const start = async (plan: ClusterPlan): Promise<RunningCluster> => {
    const place = layout.cluster(plan.name);
    const { identity, reservation } = await identify(plan, place.dir, options);
    const running = await startLabCluster({
      plan,
      identity,
      layout: place,
      port: options.ports?.[plan.name] ?? 0,
      openshift: options.openshift ?? true,
      ...(options.kubeAssets === undefined ? {} : { kubeAssets: options.kubeAssets }),
      sizedVolumes: options.sizedVolumes ?? false,
      programs,
      knobs: faults.knobs(plan.name),
      network,
      searchPath: options.searchPath ?? defaultSearchPath,
      oauth: plan.isHost ? oauth : () => undefined,
      log,
    }).catch((error: unknown) => {
      reservation?.release();
      throw error;
    });
    return { ...running, close: () => running.close().finally(() => reservation?.release()) };
  };
  const starts = await Promise.allSettled(wanted.map(start));
  const running = starts.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = starts.find((one) => one.status === "rejected");
  if (failed === undefined) return running;
  await Promise.all(running.map((cluster) => cluster.close()));
  throw failed.reason;
}

type Identified = {
  readonly identity: ClusterIdentity;
  readonly reservation: NetworkReservation | undefined;
};

/** Who a cluster is: as at its first start, or, at its first start, somebody new at addresses of its own. */
async function identify(plan: ClusterPlan, dir: string, options: LabOptions): Promise<Identified> {
  const isFixed = options.hasFixedAddresses === true;
  const known = await findIdentity(dir);
  if (known !== undefined) {
    return {
      identity: known,
      reservation: isFixed ? undefined : await reserveNetwork(known.network),
    };
  }
  const fixed = { addressing: fixedAddressing(plan.index), reservation: undefined };
  const { addressing, reservation } = isFixed ? fixed : await reserveAddressing();
  return { identity: await createIdentity(dir, plan.name, addressing), reservation };
}

async function openSignIn(
  options: LabOptions,
  { layout, log, running }: Scene & { readonly running: readonly RunningCluster[] },
): Promise<OAuthServer | undefined> {
  const host = running.find(({ plan }) => plan.isHost);
  if (host === undefined || options.openshift === false) return undefined;
  return startOAuthServer({
    cluster: host.cluster,
    port: options.ports?.oauth ?? 0,
    accounts,
    dataDir: layout.oauthDir,
    redirectUris: options.redirectUris ?? [],
    logger: log,
  });
}

function contextsOf(running: readonly RunningCluster[]): Parameters<typeof kubeconfig>[0] {
  const of = ({ plan, server }: RunningCluster) => ({
    name: plan.name,
    url: server.url,
    caPem: server.caPem,
  });
  return [
    ...running.map((one) => ({
      name: one.plan.name,
      cluster: of(one),
      token: one.identity.adminToken,
    })),
    ...running
      .filter(({ plan }) => plan.name !== "edge")
      .map((one) => ({
        name: `${one.plan.name}-dev`,
        cluster: of(one),
        token: one.identity.devToken,
        namespace: "dev",
      })),
  ];
}

function labOf(
  running: readonly RunningCluster[],
  rest: Pick<Lab, "layout" | "faults" | "objectStore" | "oauth" | "resolve" | "close">,
): Lab {
  const clusters = Object.fromEntries(running.map((one) => [one.plan.name, accessOf(one)]));
  return {
    ...rest,
    clusters,
    cluster(name) {
      const found = clusters[name];
      if (found === undefined) throw new Error(`The lab runs without the cluster ${name}.`);
      return found;
    },
    kubeconfigPath: rest.layout.kubeconfig,
    failure: Promise.race(running.map(({ server }) => server.failure)),
  };
}

function accessOf({ plan, server, identity, layout, ...rest }: RunningCluster): LabClusterAccess {
  return {
    name: plan.name,
    url: server.url,
    port: server.port,
    caPem: server.caPem,
    adminToken: identity.adminToken,
    devToken: identity.devToken,
    volumesDir: layout.volumesDir,
    registryAddress: rest.registryAddress,
  };
}
