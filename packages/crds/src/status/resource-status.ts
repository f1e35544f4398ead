import { conditionsOf, findCondition, hasCondition } from "../conditions.ts";
import type { ConditionCategory } from "../condition.ts";

export type ResourceState =
  | "Terminating"
  | "Running"
  | "Failed"
  | "Warning"
  | "Pending"
  | "Bound"
  | "Admitted"
  | "Ready"
  | "Completed"
  | "Unknown";

/** How an object of a migration's resource tree stands. */
export type ResourceStatus = {
  readonly state: ResourceState;
  readonly text: string;
  readonly messages: readonly string[];
};

/** What is known of an object: its parts, loosely typed, since any kind may come. */
export type ObservedObject = {
  readonly kind: string;
  readonly metadata?: { readonly deletionTimestamp?: string | undefined } | undefined;
  readonly status?: Readonly<Record<string, unknown>> | undefined;
};

type Entry = {
  readonly type: string;
  readonly status: string;
  readonly category?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
};

type Facts = {
  readonly status: Readonly<Record<string, unknown>>;
  readonly phase: string;
  readonly conditions: readonly Entry[];
};

type Claims = Partial<Record<ResourceState, boolean>>;

const precedence: readonly ResourceState[] = [
  "Terminating",
  "Running",
  "Failed",
  "Warning",
  "Pending",
  "Bound",
  "Admitted",
  "Ready",
  "Completed",
];

/** How an object stands; undefined means that it was not read yet. `warnings` are its Warning events. */
export function resourceStatus(
  object: ObservedObject | undefined,
  warnings: readonly string[] = [],
): ResourceStatus {
  if (object === undefined) return { state: "Pending", text: "Pending", messages: [] };
  const status = object.status ?? {};
  const facts = { status, phase: textOf(status["phase"]), conditions: entriesOf(status) };
  const claims = (claimsByKind[object.kind] ?? migrationClaims)(facts);
  const isTerminating = object.metadata?.deletionTimestamp !== undefined;
  const all: Claims = {
    ...claims,
    Terminating: isTerminating,
    Warning: claims.Warning === true || warnings.length > 0,
  };
  const state = precedence.find((one) => all[one] === true) ?? "Unknown";
  return {
    state,
    text: state === "Running" ? "Active" : state,
    messages: [...messagesOf(facts), ...warnings],
  };
}

const troubled: readonly ConditionCategory[] = ["Critical", "Error", "Warn"];

function migrationClaims({ conditions, status }: Facts): Claims {
  return {
    Running: hasCondition(conditions, "Running"),
    Failed: hasCondition(conditions, "Failed"),
    Warning: conditionsOf(conditions, ...troubled).length > 0,
    Pending: Object.keys(status).length === 0,
    Completed: hasCondition(conditions, "Completed", "Succeeded", "SucceededWithWarnings"),
    Ready: hasCondition(conditions, "Ready"),
  };
}

function progressClaims(facts: Facts): Claims {
  const percent = textOf(facts.status["totalProgressPercentage"]);
  const isDone = facts.phase === "Succeeded" || percent === "100%";
  return {
    Running: !isDone && facts.phase !== "Failed" && percent !== "" && percent !== "0%",
    Failed:
      facts.phase === "Failed" || hasCondition(facts.conditions, "InvalidPod", "InvalidPodRef"),
    Warning: conditionsOf(facts.conditions, ...troubled).length > 0,
    Pending: !isDone,
    Completed: isDone,
  };
}

function podClaims({ phase }: Facts): Claims {
  return {
    Running: phase === "Running",
    Failed: phase === "Failed" || phase === "Unknown",
    Pending: phase === "Pending",
    Completed: phase === "Succeeded",
  };
}

function jobClaims({ status, conditions }: Facts): Claims {
  const isFailed = hasCondition(conditions, "Failed");
  const hasStarted = status["startTime"] !== undefined;
  return {
    Running: hasStarted && status["completionTime"] === undefined && !isFailed,
    Failed: isFailed,
    Pending: !hasStarted,
    Completed: hasCondition(conditions, "Complete"),
  };
}

function claimClaims({ phase }: Facts): Claims {
  return {
    Failed: phase === "Lost" || phase === "Failed",
    Pending: phase === "Pending",
    Bound: phase === "Bound",
  };
}

function routeClaims({ status }: Facts): Claims {
  const admitted = recordsOf(status["ingress"]).map(
    (one) => findCondition(entriesOf(one), "Admitted")?.status,
  );
  return {
    Admitted: admitted.includes("True"),
    Failed: admitted.includes("Unknown"),
    Pending: !admitted.includes("True"),
  };
}

function veleroClaims({ status, phase }: Facts): Claims {
  return {
    Running: /^(InProgress|Finalizing|WaitingForPluginOperations|Accepted|Prepared)/.test(phase),
    Failed: ["Failed", "FailedValidation"].includes(phase) || numberOf(status["errors"]) > 0,
    Warning: phase === "PartiallyFailed" || numberOf(status["warnings"]) > 0,
    Pending: phase === "" || phase === "New",
    Completed: phase === "Completed",
  };
}

const claimsByKind: Readonly<Record<string, (facts: Facts) => Claims>> = {
  DirectVolumeMigrationProgress: progressClaims,
  Pod: podClaims,
  Job: jobClaims,
  PersistentVolumeClaim: claimClaims,
  PersistentVolume: claimClaims,
  Route: routeClaims,
  Backup: veleroClaims,
  Restore: veleroClaims,
  PodVolumeBackup: veleroClaims,
  PodVolumeRestore: veleroClaims,
};

function messagesOf({ status, conditions }: Facts): string[] {
  const told = conditions
    .filter(
      ({ type, status: value, category }) =>
        value === "True" && (type === "Failed" || troubled.some((one) => one === category)),
    )
    .map(({ type, message }) => message || type);
  return [...told, textOf(status["failureReason"]), textOf(status["message"])].filter(
    (text) => text !== "",
  );
}

function entriesOf(status: Readonly<Record<string, unknown>>): readonly Entry[] {
  return recordsOf(status["conditions"]) as readonly Entry[];
}

/** The objects of a list; whatever else a list may hold is left out. */
function recordsOf(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "object" && one !== null) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
