import { kubeconfig } from "../kubeconfig.ts";
import type { RunningCluster } from "../lab-cluster.ts";
import { writePrivately } from "../lab-identity.ts";
import type { LabLayout } from "../lab-layout.ts";
import { devManifests } from "../workloads/dev-manifests.ts";
import { ledgerManifests } from "../workloads/ledger-manifests.ts";
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
import { applyAll } from "./manifests.ts";
import type { Manifest } from "./manifests.ts";
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

/** Brings the lab to where people begin. Safe to repeat: what is there already stays as people left it. */
export async function seedLab(
  { running, layout, openshift }: Scene,
  { workloads = true }: SeedOptions,
): Promise<void> {
  await Promise.all(
    running.map(async ({ cluster, plan }) => {
      await applyAll(cluster, clusterIdentities());
      await applyAll(cluster, [clusterSettings(plan.name)]);
      if (plan.isHost) await applyAll(cluster, [...hostIdentities(), controllerSettings()]);
    }),
  );
  const source = running.find(({ plan }) => plan.name === "source");
  const host = running.find(({ plan }) => plan.isHost);
  if (host !== undefined) await registerClusters(host, source);
  if (host !== undefined) await writeServiceKubeconfigs(host, layout);
  if (source === undefined || !workloads) return;
  const manifests = [...devManifests(), ...ledgerManifests(), ...shopManifests()];
  const isServed = ({ apiVersion }: Manifest): boolean =>
    openshift || !openshiftGroup.test(apiVersion);
  await applyAll(source.cluster, manifests.filter(isServed));
}

async function registerClusters(
  host: RunningCluster,
  source: RunningCluster | undefined,
): Promise<void> {
  await applyAll(host.cluster, [hostRegistration()]);
  if (source === undefined) return;
  const { url, caPem } = source.server;
  const token = await accountToken(source.cluster, migrationAccount);
  await applyAll(host.cluster, clusterRegistration("source", { url, caPem, token }));
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
