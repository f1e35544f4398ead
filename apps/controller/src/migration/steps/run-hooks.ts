import { ConfigMap, Job, MigHook, ServiceAccount, isRefSet } from "@drover/crds";
import type { HookPhase, PlanHook } from "@drover/crds";
import { hookJob, hookName, hookPlaybook, hookSelector } from "../../manifests/hook-job.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { createOnce } from "../create-once.ts";
import type { MigrationScope, MigrationStep, PlanCluster } from "../migration-scope.ts";

/** Done when the plan's hook for a phase has run to its end. */
export function runHook(phase: HookPhase): MigrationStep {
  const name = `${phase}Hooks`;
  return {
    name,
    when: (scope) => findBinding(scope, phase) !== undefined,
    isDone: ({ isPast }) => isPast(name),
    async run(scope) {
      const binding = findBinding(scope, phase);
      return binding === undefined ? done : runBinding(scope, binding);
    },
  };
}

/** Done when no Job of a hook of this migration runs any more. */
export const deleteHookJobs: MigrationStep = {
  name: "DeleteHookJobs",
  when: ({ run }) => (run.plan.spec.hooks ?? []).length > 0,
  isDone: ({ isPast }) => isPast("DeleteHookJobs"),
  async run({ run, source, target }) {
    for (const { cluster } of [source, target]) {
      for (const kind of [Job, ConfigMap]) {
        for (const { metadata } of await cluster.list(kind, { labelSelector: hookSelector(run) })) {
          const { name = "", namespace = "" } = metadata;
          await cluster.delete(kind, { name, namespace }, { propagation: "Foreground" });
        }
      }
    }
    return done;
  },
};

/** A plan with several hooks for a phase is not ready, so there is one at most. */
function findBinding({ run }: MigrationScope, phase: HookPhase): PlanHook | undefined {
  return run.plan.spec.hooks?.find((hook) => hook.phase === phase);
}

async function runBinding(scope: MigrationScope, binding: PlanHook): Promise<Outcome> {
  const { deps, run } = scope;
  const { reference, executionNamespace: namespace } = binding;
  const hook = isRefSet(reference) ? await deps.host.find(MigHook, reference) : undefined;
  if (hook === undefined) {
    return refuse(
      binding,
      `Hook ${reference.name ?? ""} does not exist. Create it, or take it off the plan.`,
    );
  }
  const side = hook.spec.targetCluster === "source" ? scope.source : scope.target;
  const account = { namespace, name: binding.serviceAccount };
  if (!(await side.cluster.find(ServiceAccount, account))) {
    return refuse(
      binding,
      `ServiceAccount ${namespace}/${account.name}, as which hook ${reference.name ?? ""} is to run, does not exist on cluster ${side.ref.name}. Create it.`,
    );
  }
  const jobs = await scope.pass.wakeOn({
    cluster: side.cluster,
    kind: Job,
    namespace,
    labelSelector: hookSelector(run),
  });
  const job = jobs.find({ namespace, name: hookName({ run, binding }) });
  if (job) return jobOutcome(scope, { job, binding, side });
  const playbook = hookPlaybook({ run, hook, binding });
  if (playbook) await createOnce(side.cluster, ConfigMap, playbook);
  await createOnce(side.cluster, Job, hookJob({ run, hook, binding }));
  return waitForJob(hookName({ run, binding }), side);
}

type Running = { readonly job: Job; readonly binding: PlanHook; readonly side: PlanCluster };

function jobOutcome(scope: MigrationScope, { job, binding, side }: Running): Outcome {
  const name = `${binding.executionNamespace}/${job.metadata.name ?? ""}`;
  const failure = job.status?.conditions?.find(
    ({ type, status }) => type === "Failed" && status === "True",
  );
  if (failure) {
    scope.showProgress([`Job ${name}: Failed`]);
    return refuse(
      binding,
      `Job ${name} of the ${binding.phase} hook failed on cluster ${side.ref.name} (${failure.reason ?? "Failed"}). Read the logs of its pods.`,
    );
  }
  const hasSucceeded = (job.status?.succeeded ?? 0) > 0;
  scope.showProgress([`Job ${name}: ${hasSucceeded ? "Succeeded" : "Running"}`]);
  return hasSucceeded ? done : waitForJob(name, side);
}

function waitForJob(name: string, { ref }: PlanCluster): Outcome {
  const message = `Waiting for Job ${name} of a hook on cluster ${ref.name}.`;
  return waiting({ reason: "HookRunning", message });
}

function refuse({ phase }: PlanHook, message: string): Outcome {
  return blocked({ reason: `${phase}HooksFailed`, message });
}
