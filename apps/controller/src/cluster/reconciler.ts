import { ConfigMap, MigCluster, Secret, isRefSet } from "@drover/crds";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { polling } from "../polling.ts";
import { done, waiting } from "../runtime/outcome.ts";
import type { Outcome } from "../runtime/outcome.ts";
import type { Pass, Reconciler } from "../runtime/reconciler.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { keyOf } from "../runtime/key.ts";
import { CLUSTER_CONFIG_MAP, readClusterSettings } from "../settings/cluster-settings.ts";
import type { ClusterSettings } from "../settings/cluster-settings.ts";
import { connectionProblem, privilegeProblem } from "./check-connection.ts";
import { caBundleProblem, secretProblem, urlProblem } from "./check-description.ts";
import { versionProblem } from "./operator-version.ts";
import { caPemFrom, remoteConnection, secretKey, tokenOf } from "./registration.ts";
import { registryPathFrom, registryProblem } from "./registry-route.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** Says whether each registered cluster can be used, and what would have to change when not. */
export function migClusterReconciler(deps: ReconcilerDeps): Reconciler<MigCluster> {
  return {
    kind: MigCluster,
    workers: 4,
    observed: "digest",
    async wakes(wake) {
      // What the host runs decides whether the versions of the others fit.
      const config = { cluster: wake.host, kind: ConfigMap, namespace: wake.namespace };
      const matches = ({ metadata }: ConfigMap) => metadata.name === CLUSTER_CONFIG_MAP;
      await wake.on({ ...config, matches }, async () =>
        (await wake.host.list(MigCluster, { namespace: wake.namespace })).map(keyOf),
      );
      const clusters = { cluster: wake.host, kind: MigCluster, namespace: wake.namespace };
      await wake.on(clusters, async (object, previous) => {
        const isGone = !previous && !(await wake.host.find(MigCluster, keyOf(object)));
        if (isGone) deps.clusters.forget(keyOf(object));
        return [];
      });
    },
    async reconcile(pass) {
      const cluster = pass.object.spec.isHostCluster ? deps.host : await checkAccess(deps, pass);
      if (cluster) await describeCluster(deps, pass, cluster);
      if (pass.object.spec.refresh) await pass.patch({ spec: { refresh: false } });
      const isReady = !pass.conditions.hasBlocker();
      pass.conditions.setReady(isReady, "The cluster is ready.");
      return nextLook(pass);
    },
  };
}

/** The connection to a remote cluster, or undefined once a condition says why there is none. */
async function checkAccess(
  deps: ReconcilerDeps,
  pass: Pass<MigCluster>,
): Promise<Cluster | undefined> {
  const migCluster = pass.object;
  const badUrl = urlProblem(migCluster);
  if (badUrl) pass.conditions.set(badUrl);
  const secret = await readSecret(deps, pass);
  const problem = secretProblem(migCluster, secret) ?? caBundleProblem(migCluster);
  if (problem) pass.conditions.set(problem);
  const token = tokenOf(secret);
  if (badUrl || problem || !token) return undefined;
  const isUsable = await checkConnection(pass, token);
  return isUsable ? deps.clusters.connect(pass.key) : undefined;
}

async function readSecret(
  deps: ReconcilerDeps,
  pass: Pass<MigCluster>,
): Promise<Secret | undefined> {
  const ref = pass.object.spec.serviceAccountSecretRef;
  if (!isRefSet(ref)) return undefined;
  const { namespace, name } = secretKey(ref);
  await pass.wakeOn({
    cluster: deps.host,
    kind: Secret,
    namespace,
    fieldSelector: `metadata.name=${name}`,
  });
  return deps.host.find(Secret, { namespace, name });
}

/** Tries a connection of its own, with a short time limit, before others are given one. */
async function checkConnection(pass: Pass<MigCluster>, token: string): Promise<boolean> {
  const cluster = connect({
    ...remoteConnection(pass.object, token),
    timeoutMs: CONNECT_TIMEOUT_MS,
  });
  try {
    const described = { migCluster: pass.object, token, now: pass.now() };
    const problem =
      (await connectionProblem(cluster, described)) ?? (await privilegeProblem(cluster));
    if (problem) pass.conditions.set(problem);
    return problem === undefined;
  } finally {
    await cluster.close();
  }
}

async function describeCluster(
  deps: ReconcilerDeps,
  pass: Pass<MigCluster>,
  cluster: Cluster,
): Promise<void> {
  const config = { cluster, kind: ConfigMap, namespace: deps.namespace } as const;
  await pass.wakeOn({ ...config, fieldSelector: `metadata.name=${CLUSTER_CONFIG_MAP}` });
  const settings = await readClusterSettings(cluster, deps.namespace);
  await checkRegistry(deps, pass, settings);
  pass.status.operatorVersion = settings.operatorVersion;
  if (pass.object.spec.isHostCluster) return;
  const host = await readClusterSettings(deps.host, deps.namespace);
  const versions = { remote: settings.operatorVersion, host: host.operatorVersion };
  const mismatch = versionProblem(versions);
  if (mismatch) pass.conditions.set(mismatch);
}

async function checkRegistry(
  deps: ReconcilerDeps,
  pass: Pass<MigCluster>,
  settings: ClusterSettings,
): Promise<void> {
  const { spec } = pass.object;
  const path = registryPathFrom(spec.exposedRegistryPath);
  pass.status.registryPath = path;
  if (path === undefined) return;
  const secret = await readSecret(deps, pass);
  const problem = await registryProblem({
    path,
    subPath: settings.registryValidationPath,
    token: tokenOf(secret) ?? "",
    caPem: caPemFrom(spec.caBundle),
    insecure: spec.insecure,
    signal: pass.signal,
  });
  if (problem) pass.conditions.set(problem);
}

function nextLook(pass: Pass<MigCluster>): Outcome {
  const { conditions, object } = pass;
  if (object.spec.isHostCluster) return done;
  const isLost = conditions.has("TestConnectFailed", "InvalidRegistryRoute");
  const { everyMs } = isLost ? polling.clusterUnreachable : polling.clusterHealth;
  const message = "Looks again whether the cluster can be reached.";
  return waiting({ reason: "HealthCheck", message, afterMs: everyMs });
}
