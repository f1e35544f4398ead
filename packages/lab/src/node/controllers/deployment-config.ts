import {
  controllerReference,
  isDeleting,
  keyOf,
  nameOf,
  namespaceOf,
  typeOf,
} from "../kinds/lab-kind.ts";
import { DeploymentConfig, ReplicationController } from "../kinds/workload.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { matchesLabels } from "../runtime/label-match.ts";
import { claim, ownerKeys } from "./owned-pods.ts";
import { withCondition, writeStatus } from "./status-change.ts";
import { templateHash } from "./template-hash.ts";

const configAnnotation = "openshift.io/deployment-config.name";
const versionAnnotation = "openshift.io/deployment-config.latest-version";
const phaseAnnotation = "openshift.io/deployment.phase";
const hashAnnotation = "lab.drover.dev/template-hash";

/** Rolls a DeploymentConfig out: one ReplicationController per version, the old one emptied before the new one fills. */
export function deploymentConfigController(view: ClusterView): Controller {
  return {
    name: "deploymentconfig-controller",
    triggers: [
      onChangeOf(DeploymentConfig, (config) => [keyOf(config)]),
      onChangeOf(ReplicationController, ownerKeys(DeploymentConfig)),
    ],
    async reconcile(key) {
      const config = view.watch(DeploymentConfig).find(key);
      if (config === undefined || isDeleting(config) || config.spec.template === undefined)
        return undefined;
      const fits = (one: ReplicationController): boolean =>
        one.metadata.annotations?.[configAnnotation] === nameOf(config) &&
        matchesLabels(config.spec.selector ?? {}, one.spec.selector);
      const owner = { kind: DeploymentConfig, object: config };
      const controllers = await claim(view, owner, { kind: ReplicationController, fits });
      await rollOut(view, config, controllers);
      return undefined;
    },
  };
}

async function rollOut(
  view: ClusterView,
  config: DeploymentConfig,
  controllers: readonly ReplicationController[],
): Promise<void> {
  const newest = controllers.toSorted((a, b) => versionOf(b) - versionOf(a))[0];
  const current = await currentController(view, config, newest);
  const old = controllers.filter((one) => current === undefined || nameOf(one) !== nameOf(current));
  for (const one of old) await scaleTo(view, one, 0);
  const isEmpty = old.every(({ status }) => (status?.replicas ?? 0) === 0);
  if (current !== undefined && isEmpty) await scaleTo(view, current, config.spec.replicas ?? 1);
  await writeStatus(view, DeploymentConfig, {
    object: config,
    status: statusOf(config, current, controllers),
  });
}

async function currentController(
  view: ClusterView,
  config: DeploymentConfig,
  newest: ReplicationController | undefined,
): Promise<ReplicationController | undefined> {
  const { template } = config.spec;
  if (template === undefined) return newest;
  const hash = templateHash(template);
  const asked = config.status?.latestVersion ?? 0;
  const has = newest === undefined ? 0 : versionOf(newest);
  const isChanged = newest === undefined || annotationsOf(newest)[hashAnnotation] !== hash;
  if (asked <= has && !(isChanged && followsChanges(config))) return newest;
  const version = Math.max(asked, has + 1);
  return (
    (await view.create(ReplicationController, controllerOf(config, { version, hash }))) ?? newest
  );
}

/** Whether a changed template alone is reason enough for a new version. */
function followsChanges({ spec }: DeploymentConfig): boolean {
  const { triggers = [{ type: "ConfigChange" }], paused } = spec;
  return paused !== true && triggers.some(({ type }) => type === "ConfigChange");
}

function controllerOf(
  config: DeploymentConfig,
  { version, hash }: { readonly version: number; readonly hash: string },
): ReplicationController {
  const name = `${nameOf(config)}-${version}`;
  const { template = { spec: { containers: [] } }, selector, minReadySeconds } = config.spec;
  const own = { deployment: name, deploymentconfig: nameOf(config) };
  const labels = { ...template.metadata?.labels, ...own };
  return {
    ...typeOf(ReplicationController),
    metadata: {
      name,
      namespace: namespaceOf(config),
      labels: { ...template.metadata?.labels, [configAnnotation]: nameOf(config) },
      annotations: {
        [configAnnotation]: nameOf(config),
        [versionAnnotation]: String(version),
        [phaseAnnotation]: "Complete",
        [hashAnnotation]: hash,
      },
      ownerReferences: [controllerReference(DeploymentConfig, config)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, ...own },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

async function scaleTo(
  view: ClusterView,
  one: ReplicationController,
  replicas: number,
): Promise<void> {
  if ((one.spec.replicas ?? 1) === replicas || isDeleting(one)) return;
  await view.change(ReplicationController, one, { spec: { replicas } });
}

function statusOf(
  config: DeploymentConfig,
  current: ReplicationController | undefined,
  controllers: readonly ReplicationController[],
): Record<string, unknown> {
  const total = (field: "replicas" | "readyReplicas" | "availableReplicas"): number =>
    controllers.reduce((count, { status }) => count + (status?.[field] ?? 0), 0);
  const wanted = config.spec.replicas ?? 1;
  const available = total("availableReplicas");
  const isAvailable = available >= wanted;
  const word = isAvailable ? "has" : "does not have";
  return {
    observedGeneration: config.metadata.generation ?? 0,
    latestVersion: current === undefined ? 0 : versionOf(current),
    replicas: total("replicas"),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total("readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    conditions: withCondition(config.status?.conditions, {
      type: "Available",
      status: isAvailable ? "True" : "False",
      message: `Deployment config ${word} minimum availability.`,
    }),
  };
}

function annotationsOf(one: ReplicationController): Record<string, string> {
  return one.metadata.annotations ?? {};
}

function versionOf(one: ReplicationController): number {
  return Number(annotationsOf(one)[versionAnnotation] ?? 0);
}
