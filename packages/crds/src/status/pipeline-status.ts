import type { MigMigration, PipelineStep } from "../migration/mig-migration.ts";
import { runStatus } from "./run-status.ts";
import type { RunState, RunStatus } from "./run-status.ts";

export type StepState = "not-started" | "running" | "error" | "failed" | "skipped" | "completed";

/** How one step of a pipeline stands. */
export type StepStatus = {
  readonly name: string;
  readonly title: string;
  readonly state: StepState;
  readonly text: string;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
};

/** The pipeline of a run at a glance. */
export type PipelineSummary = {
  readonly title: string;
  readonly run: RunStatus;
  readonly steps: readonly StepStatus[];
  /** The step that has begun last and not ended. */
  readonly current: StepStatus | undefined;
};

/** How the steps of a run stand. */
export function pipelineSummary(migration: MigMigration): PipelineSummary {
  const run = runStatus(migration);
  const steps = (migration.status?.pipeline ?? []).map((step) => stepStatus(step, run));
  const current = steps.findLast(({ state }) => state === "running" || state === "error");
  return { title: titleOf(run, current), run, steps, current };
}

/** How one step stands within its run. */
export function stepStatus(step: PipelineStep, run: RunStatus): StepStatus {
  const state = stepState(step, run);
  return {
    name: step.name,
    title: stepTitle(step.name),
    state,
    text: stepText(step, state),
    startedAt: step.started,
    endedAt: step.completed ?? (state === "error" ? run.endedAt : undefined),
  };
}

function stepState(step: PipelineStep, run: RunStatus): StepState {
  if (step.failed) return "failed";
  const isOpen = step.started !== undefined && step.completed === undefined;
  if (isOpen) return ["failed", "blocked"].includes(run.state) ? "error" : "running";
  if (step.skipped) return "skipped";
  return step.started === undefined ? "not-started" : "completed";
}

function stepText(step: PipelineStep, state: StepState): string {
  const texts: Readonly<Record<StepState, string>> = {
    "not-started": "Not started",
    running: step.message || step.phase || "Running",
    error: "Error",
    failed: "Failed",
    skipped: "Skipped",
    completed: "Complete",
  };
  return texts[state];
}

const titles: Readonly<Record<string, string>> = {
  Prepare: "Preparing for migration",
  Backup: "Creating initial backup",
  StageBackup: "Creating stage backup",
  StageRestore: "Creating stage restore",
  Restore: "Creating final restore",
  Cleanup: "Cleaning up",
};

/** What a step is called on its page. */
export function stepTitle(name: string): string {
  return titles[name] ?? `${name} details`;
}

const runTitles: Readonly<Partial<Record<RunState, string>>> = {
  succeeded: "Completed",
  "succeeded-with-warnings": "Completed with warnings",
  canceled: "Canceled",
  paused: "Paused",
  postponed: "Postponed",
};

function titleOf(run: RunStatus, current: StepStatus | undefined): string {
  const title = runTitles[run.state];
  if (title !== undefined) return title;
  if (run.state !== "failed" && run.state !== "blocked") return current?.name ?? "NotStarted";
  return current ? `Error - ${current.name}` : "Failed";
}
