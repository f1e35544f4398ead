import { done, waiting } from "../runtime/outcome.ts";
import type { Outcome, Waiting } from "../runtime/outcome.ts";
import type { Progress } from "../runtime/step.ts";
import type { MigrationPass } from "./migration-scope.ts";

/** How long nothing may change before a condition points at it. Copying has its own watch over itself. */
const PATIENCE_MS = 15 * 60_000;
const UNBOUNDED: readonly string[] = ["WaitForDirectVolumeMigrationToComplete"];

/** Turns what the itinerary came to into the conditions of the run. */
export function conclude(pass: MigrationPass, progress: Progress): Outcome {
  const { outcome, stoppedAt = "" } = progress;
  switch (outcome.state) {
    case "done":
      return complete(pass);
    case "blocked":
      return fail(pass, stoppedAt, outcome.message);
    case "waiting":
      return wait(pass, progress, outcome);
  }
}

function complete(pass: MigrationPass): Outcome {
  const { conditions } = pass;
  if (conditions.has("Failed", "Canceled")) return done;
  const isWarned = conditions
    .finish(pass.now())
    .some(({ category, status }) => category === "Warn" && status === "True");
  conditions.set({
    type: isWarned ? "SucceededWithWarnings" : "Succeeded",
    category: "Advisory",
    reason: "Completed",
    durable: true,
    message: isWarned
      ? "The migration has finished; its warnings say what to look at."
      : "The migration has finished.",
  });
  return done;
}

/** Cleaning up follows once the failure is on record: a crash between the two must not start the run again. */
function fail(pass: MigrationPass, phase: string, message: string): Outcome {
  pass.status.errors = [...new Set([...(pass.status.errors ?? []), message])];
  pass.conditions.set({
    type: "Failed",
    category: "Advisory",
    reason: phase,
    durable: true,
    message,
  });
  return waiting({ reason: "Failed", message, afterMs: 1 });
}

function wait(pass: MigrationPass, progress: Progress, outcome: Waiting): Outcome {
  const { conditions } = pass;
  const phase = progress.stoppedAt ?? "";
  const at = progress.applicable.indexOf(phase) + 1;
  const message = `Step: ${at}/${progress.applicable.length}. ${outcome.message}`;
  conditions.set({ type: "Running", category: "Advisory", reason: phase, message });
  const dueMs = PATIENCE_MS - waitedMs(pass, phase, message);
  if (dueMs <= 0 && !UNBOUNDED.includes(phase)) {
    conditions.set({
      type: "WaitingTooLong",
      category: "Warn",
      reason: phase,
      message: `Nothing has changed for a long time. ${outcome.message} Look there, or cancel the migration.`,
    });
  }
  conditions.setReady(!conditions.hasBlocker(), "The migration is running.");
  if (UNBOUNDED.includes(phase) || dueMs <= 0) return outcome;
  return waiting({ ...outcome, afterMs: Math.min(outcome.afterMs ?? dueMs, dueMs) });
}

/** Since when the very same is waited for: the condition's time moves whenever its text does. */
function waitedMs(pass: MigrationPass, phase: string, message: string): number {
  const before = pass.conditions.before("Running");
  const isSame = before?.reason === phase && before.message === message;
  return isSame ? pass.now().getTime() - Date.parse(before.lastTransitionTime) : 0;
}
