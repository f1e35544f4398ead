import {
  ConfigMap,
  Job,
  Label,
  LabelValue,
  MigHook,
  apiVersionOf,
  correlationKey,
} from "@drover/crds";
import type { PlanHook } from "@drover/crds";
import type { MigrationRun } from "./migration-run.ts";
import { shortHash } from "./transfer-run.ts";

export type HookRun = {
  readonly run: MigrationRun;
  readonly hook: MigHook;
  /** Where the plan wants it to run, and when. */
  readonly binding: PlanHook;
};

const DEFAULT_DEADLINE_SECONDS = 1800;

/** Finds the Jobs and ConfigMaps of a migration's hooks. */
export function hookSelector(run: Pick<MigrationRun, "uid">): string {
  return `${Label.partOf}=${LabelValue.partOf},${Label.owner}=${run.uid}`;
}

export function hookName({ run, binding }: Pick<HookRun, "run" | "binding">): string {
  const suffix = `-${binding.phase.toLowerCase()}-${shortHash(run.uid).slice(0, 5)}`;
  const plan = (run.plan.metadata.name ?? "").toLowerCase().replaceAll(".", "-");
  return `${plan.slice(0, 63 - suffix.length)}${suffix}`;
}

/** The playbook of a hook that has one. */
export function hookPlaybook(hookRun: HookRun): ConfigMap | undefined {
  const { hook } = hookRun;
  if (hook.spec.custom) return undefined;
  const playbook = Buffer.from(hook.spec.playbook ?? "", "base64").toString("utf8");
  return {
    apiVersion: apiVersionOf(ConfigMap),
    kind: ConfigMap.kind,
    metadata: hookMetadata(hookRun),
    data: { "playbook.yml": playbook },
  };
}

/** Runs a hook once, with the deadline over all its tries. */
export function hookJob(hookRun: HookRun): Job {
  const { run, hook, binding } = hookRun;
  const { custom, image, activeDeadlineSeconds } = hook.spec;
  const metadata = hookMetadata(hookRun);
  return {
    apiVersion: apiVersionOf(Job),
    kind: Job.kind,
    metadata,
    spec: {
      activeDeadlineSeconds: activeDeadlineSeconds || DEFAULT_DEADLINE_SECONDS,
      backoffLimit: 6,
      template: {
        metadata: { labels: metadata.labels },
        spec: {
          restartPolicy: "OnFailure",
          serviceAccountName: binding.serviceAccount,
          containers: [
            {
              name: metadata.name,
              image,
              env: [
                { name: "MIGRATION_NAMESPACES", value: (run.plan.spec.namespaces ?? []).join(",") },
                { name: "MIGRATION_PLAN_NAME", value: run.plan.metadata.name ?? "" },
              ],
              ...(custom
                ? {}
                : {
                    command: PLAYBOOK_COMMAND,
                    volumeMounts: [{ name: "playbook", mountPath: "/tmp/playbook" }],
                  }),
            },
          ],
          ...(custom
            ? {}
            : { volumes: [{ name: "playbook", configMap: { name: metadata.name } }] }),
        },
      },
    },
  };
}

const PLAYBOOK_COMMAND = [
  "/bin/entrypoint",
  "ansible-runner",
  "run",
  "/tmp/runner",
  "-p",
  "/tmp/playbook/playbook.yml",
];

function hookMetadata({ run, hook, binding }: HookRun) {
  return {
    name: hookName({ run, binding }),
    namespace: binding.executionNamespace,
    labels: {
      [Label.partOf]: LabelValue.partOf,
      [correlationKey(MigHook)]: hook.metadata.uid ?? "",
      [Label.hookPhase]: binding.phase,
      [Label.owner]: run.uid,
    },
  };
}
