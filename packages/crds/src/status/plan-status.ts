import { conditionsOf, findCondition, hasCondition } from "../conditions.ts";
import type { MigMigration } from "../migration/mig-migration.ts";
import type { MigPlan } from "../migration/mig-plan.ts";
import { runStatus } from "./run-status.ts";
import { runActionText } from "./run-action.ts";
import type { RunStatus } from "./run-status.ts";

export type PlanState =
  | "deleting"
  | "failed"
  | "conflict"
  | "closed"
  | "canceling"
  | "running"
  | "paused"
  | "postponed"
  | "canceled"
  | "not-ready"
  | "live-migration-unsupported"
  | "rolled-back"
  | "migrated"
  | "staged"
  | "ready"
  | "waiting";

/** How loud a state is, for its icon. */
export type Severity = "danger" | "warning" | "progress" | "success" | "info";

/** How a plan stands, with what may be done with it. */
export type PlanStatus = {
  readonly state: PlanState;
  readonly text: string;
  readonly severity: Severity;
  /** Why, sentence by sentence; empty when nothing is wrong. */
  readonly messages: readonly string[];
  readonly latest: MigMigration | undefined;
  readonly actions: PlanActions;
};

/** Undefined when the action is possible, else why it is not. */
export type PlanActions = {
  readonly edit: string | undefined;
  readonly delete: string | undefined;
  readonly stage: string | undefined;
  readonly cutover: string | undefined;
  readonly rollback: string | undefined;
};

type Facts = {
  readonly plan: MigPlan;
  readonly isDeleting: boolean;
  readonly latest: RunStatus | undefined;
  readonly runs: readonly RunStatus[];
};

type Verdict = Pick<PlanStatus, "state" | "text" | "severity"> & {
  readonly messages?: readonly string[];
};

/** How a plan stands, from the plan and its runs in any order. */
export function planStatus(
  plan: MigPlan,
  migrations: readonly MigMigration[],
  options: { readonly isDeleting?: boolean } = {},
): PlanStatus {
  const window = currentWindow(migrations);
  const runs = window.map(runStatus);
  const isDeleting = options.isDeleting === true || plan.metadata.deletionTimestamp !== undefined;
  const facts = { plan, isDeleting, latest: runs[0], runs };
  const verdict = rules.map((rule) => rule(facts)).find((one) => one !== undefined) ?? waiting;
  return { messages: [], ...verdict, latest: window[0], actions: planActions(facts) };
}

/** The runs that count, newest first: those since the last rollback that succeeded, it included. */
export function currentWindow(migrations: readonly MigMigration[]): MigMigration[] {
  const newestFirst = migrations.toSorted((left, right) =>
    (right.metadata.creationTimestamp ?? "").localeCompare(left.metadata.creationTimestamp ?? ""),
  );
  const end = newestFirst.findIndex((migration) => {
    const run = runStatus(migration);
    return run.action === "rollback" && isDone(run);
  });
  return end === -1 ? newestFirst : newestFirst.slice(0, end + 1);
}

const waiting: Verdict = { state: "waiting", text: "Waiting for status...", severity: "progress" };

// The first that speaks decides text and icon alike.
const rules: readonly ((facts: Facts) => Verdict | undefined)[] = [
  ({ isDeleting }) =>
    isDeleting ? { state: "deleting", text: "Pending", severity: "progress" } : undefined,
  ({ latest }) =>
    latest?.state === "failed" || latest?.state === "blocked"
      ? { state: "failed", text: latest.text, severity: "danger", messages: latest.errors }
      : undefined,
  ({ plan }) => conflict(plan),
  ({ plan }) =>
    hasPlan(plan, "Closed") ? { state: "closed", text: "Closed", severity: "info" } : undefined,
  ({ latest }) => runVerdict(latest),
  ({ plan }) => notReady(plan),
  ({ latest }) => rolledBack(latest),
  ({ plan }) => liveMigrationUnsupported(plan),
  ({ runs }) => finished(runs),
  ({ plan }) =>
    hasPlan(plan, "Ready") ? { state: "ready", text: "Ready", severity: "info" } : undefined,
];

function rolledBack(run: RunStatus | undefined): Verdict | undefined {
  if (run?.action !== "rollback" || !isDone(run)) return undefined;
  const severity = run.state === "succeeded" ? "success" : "warning";
  return { state: "rolled-back", text: run.text, severity, messages: run.warnings };
}

function conflict(plan: MigPlan): Verdict | undefined {
  const found = findCondition(plan.status?.conditions, "PlanConflict");
  if (found?.status !== "True") return undefined;
  const text = found.message || "Another open plan has the same namespaces.";
  return { state: "conflict", text, severity: "warning", messages: [text] };
}

function runVerdict(run: RunStatus | undefined): Verdict | undefined {
  switch (run?.state) {
    case "canceling":
      return { state: "canceling", text: run.text, severity: "progress" };
    case "paused":
      return {
        state: "paused",
        text: `${runActionText[run.action]} in progress`,
        severity: "warning",
        messages: run.warnings,
      };
    case "running":
      return { state: "running", text: run.text, severity: "progress", messages: run.warnings };
    case "postponed":
      return { state: "postponed", text: run.text, severity: "progress" };
    case "canceled":
      return { state: "canceled", text: run.text, severity: "info" };
    default:
      return undefined;
  }
}

function notReady(plan: MigPlan): Verdict | undefined {
  const conditions = plan.status?.conditions;
  if (conditions === undefined || conditions.length === 0) return undefined;
  const blockers = conditionsOf(conditions, "Critical", "Error");
  if (blockers.length === 0 && hasPlan(plan, "Ready")) return undefined;
  return {
    state: "not-ready",
    text: "Not Ready",
    severity: "warning",
    messages: blockers.map(({ type, message }) => message || type),
  };
}

function liveMigrationUnsupported(plan: MigPlan): Verdict | undefined {
  return hasPlan(plan, "KubeVirtStorageLiveMigrationNotEnabled")
    ? {
        state: "live-migration-unsupported",
        text: "Storage live migration not supported",
        severity: "warning",
        messages: ["Running virtual machines will be stopped and started again."],
      }
    : undefined;
}

function finished(runs: readonly RunStatus[]): Verdict | undefined {
  const cutover = runs.find((run) => run.action === "cutover" && isDone(run));
  const stage = runs.find((run) => run.action === "stage" && isDone(run));
  const run = cutover ?? stage;
  if (!run) return undefined;
  const name = cutover ? "Migration" : "Stage";
  const hasWarnings = run.state === "succeeded-with-warnings";
  return {
    state: cutover ? "migrated" : "staged",
    // Upstream calls a finished cutover a migration.
    text: hasWarnings ? `${name} completed with warnings` : `${name} succeeded`,
    severity: hasWarnings ? "warning" : "success",
    messages: run.warnings,
  };
}

function planActions(facts: Facts): PlanActions {
  const holds = hindrances(facts);
  const because = (...names: readonly Hindrance[]): string | undefined => {
    const first = names.find((name) => holds[name]);
    return first && sentences[first];
  };
  const start = because("deleting", "closed", "running", "unready", "migrated");
  return {
    edit: because("deleting", "closed", "running", "migrated"),
    delete: because("deleting", "running"),
    stage: start,
    cutover: start,
    rollback: because("deleting", "closed", "running", "unready", "untried"),
  };
}

/** What stands in the way of one action or another. */
function hindrances({ plan, isDeleting, runs }: Facts): Record<Hindrance, boolean> {
  const cutovers = runs.filter(({ action }) => action === "cutover");
  return {
    deleting: isDeleting,
    closed: hasPlan(plan, "Closed") || plan.spec.closed === true,
    running: runs.some(isActive),
    unready: !hasPlan(plan, "Ready"),
    migrated: cutovers.some(isDone),
    untried: cutovers.length === 0,
  };
}

const sentences = {
  deleting: "The plan is being deleted.",
  closed: "The plan is closed.",
  running: "A migration of this plan is running.",
  unready: "The plan is not ready.",
  migrated: "The cutover has succeeded; roll it back first.",
  untried: "There has been no cutover to roll back.",
} as const;

type Hindrance = keyof typeof sentences;

function isActive(run: RunStatus): boolean {
  return (
    ["running", "paused", "canceling", "blocked"].includes(run.state) && run.startedAt !== undefined
  );
}

function isDone(run: RunStatus | undefined): boolean {
  return run?.state === "succeeded" || run?.state === "succeeded-with-warnings";
}

function hasPlan(plan: MigPlan, type: string): boolean {
  return hasCondition(plan.status?.conditions, type);
}
