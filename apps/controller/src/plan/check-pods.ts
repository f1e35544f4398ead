import type { NamespaceFacts } from "./namespace-facts.ts";
import { named } from "./plan-scope.ts";
import type { PlanScope } from "./plan-scope.ts";

const HARMLESS_SELECTORS = [
  "node-role.kubernetes.io/compute",
  "kubernetes.io/arch",
  "kubevirt.io/schedulable",
];

/** What the pods of the source namespaces tell: how many run, which need certain nodes, which are not well. */
export function checkPods(scope: PlanScope, facts: readonly NamespaceFacts[]): void {
  checkPodLimit(scope, facts);
  checkNodeSelectors(scope, facts);
  checkHealth(scope, facts);
}

function checkPodLimit({ pass, settings }: PlanScope, facts: readonly NamespaceFacts[]) {
  const running = facts.flatMap(({ pods }) => pods).filter(({ isRunning }) => isRunning).length;
  if (running <= settings.podLimit) return;
  pass.conditions.set({
    type: "PodLimitExceeded",
    category: "Warn",
    reason: "LimitExceeded",
    message: `${running} pods run in the source namespaces; more than ${settings.podLimit} may make the migration slow. Split the plan, or raise mig_pod_limit.`,
  });
}

function checkNodeSelectors({ pass }: PlanScope, facts: readonly NamespaceFacts[]) {
  pass.conditions.remove("NamespacesHaveNodeSelectors");
  const selecting = facts.filter(({ pods }) =>
    pods.some(
      ({ isRunning, nodeSelectors }) =>
        isRunning && nodeSelectors.some((key) => !HARMLESS_SELECTORS.includes(key)),
    ),
  );
  if (selecting.length === 0) return;
  pass.conditions.set({
    type: "NamespacesHaveNodeSelectors",
    category: "Warn",
    reason: "NodeSelectorsDetected",
    message:
      "Pods in these namespaces run only on certain nodes: []. Label nodes of the target likewise, or the pods stay Pending there.",
    items: selecting.map(({ namespace }) => namespace),
    durable: true,
  });
}

function checkHealth({ pass }: PlanScope, facts: readonly NamespaceFacts[]) {
  const unhealthy = facts.flatMap(({ namespace, pods }) => {
    const resources = pods.filter(({ isHealthy }) => !isHealthy).map(({ name }) => name);
    return resources.length > 0
      ? [{ name: namespace, workloads: [{ name: "Pods", resources }] }]
      : [];
  });
  pass.status.namespaces = unhealthy.length > 0 ? unhealthy : undefined;
  if (unhealthy.length === 0) return;
  const list = unhealthy.map(
    ({ name, workloads }) => `${name} (${named(workloads[0]?.resources ?? [], 3)})`,
  );
  pass.conditions.set({
    type: "SourcePodsNotHealthy",
    category: "Warn",
    reason: "NotHealthy",
    message: `Pods on the source cluster are not healthy in ${named(list)}. They will not be healthier on the target; mend them first.`,
  });
}
