import { conditionsOf, findCondition, hasCondition, hasCritical } from "../conditions.ts";
import type { MigMigration } from "../migration/mig-migration.ts";
import { runActionOf, runActionText } from "./run-action.ts";
import type { RunAction } from "./run-action.ts";

export const runStates = [
  "waiting",
  "postponed",
  "blocked",
  "running",
  "paused",
  "canceling",
  "canceled",
  "failed",
  "succeeded",
  "succeeded-with-warnings",
] as const;
export type RunState = (typeof runStates)[number];

/** How a run stands, for lists, pages and icons alike. */
export type RunStatus = {
  readonly state: RunState;
  readonly action: RunAction;
  readonly text: string;
  /** Why it failed or is blocked, sentence by sentence. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly isOver: boolean;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
};

const ended: readonly RunState[] = ["canceled", "failed", "succeeded", "succeeded-with-warnings"];

/**
 * How a run stands. Other than upstream's console: a postponed run waits and has not failed, and a run that ended
 * with warnings has succeeded. A run with a Critical entry that has not ended is blocked and may go on later.
 */
export function runStatus(migration: MigMigration): RunStatus {
  const conditions = migration.status?.conditions;
  const state = runState(migration);
  const action = runActionOf(migration);
  const isOver = ended.includes(state);
  return {
    state,
    action,
    text: runText(state, runActionText[action]),
    errors: state === "postponed" ? [] : errorsOf(migration),
    warnings: conditionsOf(conditions, "Warn").map(sentence),
    isOver,
    startedAt: migration.status?.startTimestamp,
    endedAt: isOver ? endOf(migration) : undefined,
  };
}

// The first that holds decides.
const byCondition: readonly (readonly [type: string, state: RunState])[] = [
  ["Failed", "failed"],
  ["Canceled", "canceled"],
  ["SucceededWithWarnings", "succeeded-with-warnings"],
  ["Succeeded", "succeeded"],
  ["Canceling", "canceling"],
  ["Postponed", "postponed"],
];

function runState(migration: MigMigration): RunState {
  const conditions = migration.status?.conditions;
  const told = byCondition.find(([type]) => hasCondition(conditions, type))?.[1];
  if (told === "succeeded") return succeededState(migration);
  if (told !== undefined) return told;
  if (isCancelRequested(migration)) return "canceling";
  if (hasCritical(conditions)) return "blocked";
  if (hasCondition(conditions, "DirectVolumeMigrationBlocked")) return "paused";
  return hasCondition(conditions, "Running") ? "running" : "waiting";
}

function succeededState(migration: MigMigration): RunState {
  const warnings = conditionsOf(migration.status?.conditions, "Warn");
  return warnings.length > 0 ? "succeeded-with-warnings" : "succeeded";
}

function isCancelRequested(migration: MigMigration): boolean {
  return migration.spec.canceled === true && hasCondition(migration.status?.conditions, "Running");
}

function runText(state: RunState, action: string): string {
  const texts: Readonly<Record<RunState, string>> = {
    waiting: `${action} not started`,
    postponed: `${action} postponed`,
    running: `${action} in progress`,
    paused: `${action} may be stuck`,
    canceling: `Canceling ${action}`,
    canceled: `${action} canceled`,
    blocked: `${action} failed`,
    failed: `${action} failed`,
    succeeded: `${action} succeeded`,
    "succeeded-with-warnings": `${action} completed with warnings`,
  };
  return texts[state];
}

function errorsOf(migration: MigMigration): string[] {
  const { conditions, errors } = migration.status ?? {};
  return [...new Set([...conditionsOf(conditions, "Critical").map(sentence), ...(errors ?? [])])];
}

function endOf(migration: MigMigration): string | undefined {
  const conditions = migration.status?.conditions;
  return ["Succeeded", "SucceededWithWarnings", "Canceled", "Failed"]
    .map((type) => findCondition(conditions, type)?.lastTransitionTime)
    .find((time) => time !== undefined);
}

function sentence(condition: {
  readonly type: string;
  readonly message?: string | undefined;
}): string {
  return condition.message || condition.type;
}
