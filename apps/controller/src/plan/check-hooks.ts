import {
  MigHook,
  dns1123LabelProblem,
  dns1123SubdomainProblem,
  hookPhases,
  isRefSet,
  isReady,
} from "@drover/crds";
import type { MigPlan, PlanHook } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { ConditionInput } from "../runtime/condition-stage.ts";

/** What is wrong with the plan's hooks. */
export async function hookProblems(host: Cluster, plan: MigPlan): Promise<ConditionInput[]> {
  const hooks = plan.spec.hooks ?? [];
  const problems = [...phaseProblems(hooks)];
  for (const hook of hooks) problems.push(...bindingProblems(hook));
  for (const hook of hooks) problems.push(...(await referenceProblems(host, hook)));
  return problems;
}

function phaseProblems(hooks: readonly PlanHook[]): ConditionInput[] {
  const phases = hooks.map(({ phase }) => phase);
  const known: readonly string[] = hookPhases;
  const unknown = phases.filter((phase) => !known.includes(phase));
  const repeated = phases.filter((phase, index) => phases.indexOf(phase) !== index);
  const problems: ConditionInput[] = [];
  if (unknown.length > 0) {
    const message = `There is no phase ${unknown.join(", ")}. Choose ${hookPhases.join(", ")}.`;
    problems.push({ type: "HookPhaseUnknown", category: "Critical", message });
  }
  if (repeated.length > 0) {
    const message = `More than one hook is to run in ${[...new Set(repeated)].join(", ")}. Keep one per phase.`;
    problems.push({ type: "HookPhaseDuplicate", category: "Critical", message });
  }
  return problems;
}

function bindingProblems({
  phase,
  serviceAccount,
  executionNamespace,
}: PlanHook): ConditionInput[] {
  const problems: ConditionInput[] = [];
  const add = (type: string, message: string) =>
    problems.push({ type, category: "Critical", reason: "NotSet", message });
  const account = dns1123SubdomainProblem(serviceAccount);
  if (account) add("InvalidHookSAName", `The service account of the ${phase} hook: ${account}`);
  const namespace = dns1123LabelProblem(executionNamespace);
  if (namespace) add("InvalidHookNSName", `The namespace of the ${phase} hook: ${namespace}`);
  return problems;
}

async function referenceProblems(host: Cluster, hook: PlanHook): Promise<ConditionInput[]> {
  const ref = hook.reference;
  const found = isRefSet(ref)
    ? await host.find(MigHook, { namespace: ref.namespace, name: ref.name })
    : undefined;
  if (!found) {
    const message = `The ${hook.phase} hook names MigHook ${ref.name ?? "(none)"} in ${ref.namespace ?? "(no namespace)"}, which does not exist.`;
    return [{ type: "InvalidHookRef", category: "Critical", reason: "NotFound", message }];
  }
  if (isReady(found)) return [];
  const message = `Hook ${ref.name} is not ready. Its own conditions say why; mend it there.`;
  return [{ type: "HookNotReady", category: "Critical", message }];
}
