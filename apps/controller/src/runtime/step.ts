import { done } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";

/** One thing that has to be true. It looks at live facts, makes one move at most, and says how far things are. */
export type Step<Scope> = {
  readonly name: string;
  /** The step does not apply to this run when this is false. Absent means it always does. */
  readonly when?: (scope: Scope) => boolean | Promise<boolean>;
  /** True when a durable condition already says the step was done; then it is never run again. */
  readonly isDone?: (scope: Scope) => boolean;
  run(scope: Scope): Promise<Outcome>;
};

export type Progress = {
  readonly outcome: Outcome;
  /** The step that stopped the pass; absent when all are done. */
  readonly stoppedAt?: string;
  /** Names of the steps that apply, in order. */
  readonly applicable: readonly string[];
  /** Names of the applicable steps that are done, in order. */
  readonly passed: readonly string[];
};

type RunOptions = {
  readonly signal?: AbortSignal;
  /** Called before a step runs; the place to write the phase into the status draft. */
  readonly onStart?: (step: string) => void;
  /** Called when a step's `run` returned done; the place to record a done-once step. */
  readonly onDone?: (step: string) => void;
};

/** Runs the steps that apply, in order, and stops at the first that is not done. */
export async function runItinerary<Scope>(
  steps: readonly Step<Scope>[],
  scope: Scope,
  options: RunOptions = {},
): Promise<Progress> {
  const applicable = await stepsThatApply(steps, scope);
  const names = applicable.map((step) => step.name);
  const passed: string[] = [];
  for (const step of applicable) {
    options.signal?.throwIfAborted();
    const outcome = await runStep(step, scope, options);
    if (outcome.state !== "done") {
      return { outcome, stoppedAt: step.name, applicable: names, passed };
    }
    passed.push(step.name);
  }
  return { outcome: done, applicable: names, passed };
}

async function runStep<Scope>(
  step: Step<Scope>,
  scope: Scope,
  options: RunOptions,
): Promise<Outcome> {
  if (step.isDone?.(scope)) return done;
  options.onStart?.(step.name);
  const outcome = await step.run(scope);
  if (outcome.state === "done") options.onDone?.(step.name);
  return outcome;
}

async function stepsThatApply<Scope>(
  steps: readonly Step<Scope>[],
  scope: Scope,
): Promise<Step<Scope>[]> {
  const applicable: Step<Scope>[] = [];
  for (const step of steps) {
    if ((await step.when?.(scope)) ?? true) applicable.push(step);
  }
  return applicable;
}
