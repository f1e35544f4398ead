import { MigCluster } from "@drover/crds";
import { kubeconfig } from "../kubeconfig.ts";
import type { RunningCluster } from "../lab-cluster.ts";
import { writePrivately } from "../lab-identity.ts";
import type { LabLayout } from "../lab-layout.ts";
import { devManifests } from "../workloads/dev-manifests.ts";
import { edgeManifests, edgeObstacles } from "../workloads/edge-manifests.ts";
import { ledgerManifests } from "../workloads/ledger-manifests.ts";
import { legacyManifests } from "../workloads/legacy-manifests.ts";
import { pushImage } from "../registry/push-image.ts";
import { shopImage, shopRepository, shopTags } from "../workloads/shop-image.ts";
import { shopManifests } from "../workloads/shop-manifests.ts";
import { accountToken } from "./account-token.ts";
import {
  apiAccount,
  clusterIdentities,
  controllerAccount,
  hostIdentities,
  migrationAccount,
  migrationNamespace,
} from "./identities.ts";
import { applyAll, atVersion, partsOf } from "./manifests.ts";
import type { Manifest } from "./manifests.ts";
import { servedVersion } from "../served-kinds.ts";
import { once } from "./once.ts";
import {
  clusterRegistration,
  clusterSettings,
  controllerSettings,
  hostRegistration,
} from "./settings.ts";

const openshiftGroup = /^(route|image|apps|build)\.openshift\.io\//;

export type SeedOptions = {
  /** The sample applications on `source`; true when absent. */
  readonly workloads?: boolean;
};

type Scene = {
  readonly running: readonly RunningCluster[];
  readonly layout: LabLayout;
  /** Without it OpenShift's own kinds are left out. */
  readonly openshift: boolean;
};

/**
 * Brings the lab to where people begin. Who may do what is made so at every start; settings, registrations and
 * applications are given once and belong to people from then on: one that a migration has stopped stays stopped.
 */
export async function seedLab(scene: Scene, { workloads = true }: SeedOptions): Promise<void> {
  const { running, layout } = scene;
  await Promise.all(
    running.map(async ({ cluster, plan }) => {
      await applyAll(cluster, clusterIdentities());
      if (plan.isHost) await applyAll(cluster, hostIdentities());
    }),
  );
  const host = running.find(({ plan }) => plan.isHost);
  const source = running.find(({ plan }) => plan.name === "source");
  await once(layout, "settings", () => seedSettings(running));
  if (host !== undefined) await writeServiceKubeconfigs(host, layout);
  if (host !== undefined && source !== undefined) {
    await once(layout, "registrations", () => registerSource(host, source));
    await followAddress(host, source);
  }
  if (source !== undefined && workloads) {
    await once(layout, "workloads", () => seedWorkloads(scene, source));
    await once(layout, "legacy", () => applyServed(scene, source, legacyManifests()));
    await once(layout, "edge", () => applyServed(scene, source, edgeManifests()));
    if (host !== undefined) {
      await once(layout, "edge on host", () => applyAll(host.cluster, edgeObstacles()));
    }
    // The last one: the registry has had time to start.
    await once(layout, "shop image", () => pushShopImage(source));
  }
}

async function seedSettings(running: readonly RunningCluster[]): Promise<void> {
  for (const { cluster, plan } of running) {
    await applyAll(cluster, [clusterSettings(plan.name)]);
    if (plan.isHost) await applyAll(cluster, [controllerSettings(), hostRegistration()]);
  }
}

async function registerSource(host: RunningCluster, source: RunningCluster): Promise<void> {
  const { url, caPem } = source.server;
  const token = await accountToken(source.cluster, migrationAccount);
  await applyAll(host.cluster, clusterRegistration("source", { url, caPem, token }));
}

/** A lab that starts on another port is still the cluster that is registered. */
async function followAddress(host: RunningCluster, source: RunningCluster): Promise<void> {
  const ref = { namespace: migrationNamespace, name: "source" };
  const registered = await host.cluster.find(MigCluster, ref);
  const { url } = source.server;
  if (registered === undefined || registered.spec?.url === url) return;
  await host.cluster.patch(MigCluster, ref, { type: "merge", body: { spec: { url } } });
}

async function seedWorkloads(scene: Scene, source: RunningCluster): Promise<void> {
  const manifests = [...devManifests(), ...ledgerManifests(), ...shopManifests()];
  await applyServed(scene, source, manifests);
}

/** Only where there is a registry. */
async function pushShopImage({
  registryAddress: address,
  ...source
}: RunningCluster): Promise<void> {
  if (address === undefined) return;
  const { authority, adminToken: token } = source.identity;
  const door = { address, caPem: authority.certPem, token };
  await pushImage(door, shopImage(), { repository: shopRepository, tags: shopTags });
}

async function applyServed(
  { openshift }: Scene,
  { cluster }: RunningCluster,
  manifests: readonly Manifest[],
): Promise<void> {
  const isServed = ({ apiVersion }: Manifest): boolean =>
    openshift || !openshiftGroup.test(apiVersion);
  const served = await cluster.discovery();
  const atServedVersion = (manifest: Manifest): Manifest => {
    const version = servedVersion(served, partsOf(manifest));
    return version === undefined ? manifest : atVersion(manifest, version);
  };
  await applyAll(cluster, manifests.filter(isServed).map(atServedVersion));
}

async function writeServiceKubeconfigs(host: RunningCluster, layout: LabLayout): Promise<void> {
  const { url, caPem } = host.server;
  for (const [account, path] of [
    [controllerAccount, layout.controllerKubeconfig],
    [apiAccount, layout.apiKubeconfig],
  ] as const) {
    const token = await accountToken(host.cluster, account);
    const context = {
      name: "host",
      cluster: { name: "host", url, caPem },
      token,
      namespace: migrationNamespace,
    };
    await writePrivately(path, kubeconfig([context]));
  }
}
