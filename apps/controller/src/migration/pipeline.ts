import { kubeTime, stepMessages } from "@drover/crds";
import type { PipelineStep, PipelineStepName } from "@drover/crds";

/** The pipeline with the steps of an itinerary behind those that are there. */
export function withSteps(
  pipeline: readonly PipelineStep[],
  names: readonly PipelineStepName[],
): PipelineStep[] {
  const known = new Set(pipeline.map(({ name }) => name));
  const added = [...new Set(names)].filter((name) => !known.has(name));
  return [...pipeline, ...added.map((name) => ({ name, message: stepMessages.notStarted }))];
}

export type Position = {
  readonly step: PipelineStepName;
  readonly phase: string;
  readonly description: string;
};

/** The pipeline with one step current: those before it are completed or were skipped. */
export function atStep(
  pipeline: readonly PipelineStep[],
  { step, phase, description }: Position,
  now: Date,
): PipelineStep[] {
  const at = pipeline.findIndex(({ name }) => name === step);
  return pipeline.map((one, index) => {
    if (index === at) {
      const { completed: _completed, ...open } = one;
      return { ...open, started: one.started ?? kubeTime(now), phase, message: description };
    }
    if (one.started !== undefined) return completedStep(one, now);
    return index < at ? skippedStep(one) : one;
  });
}

/** The pipeline of a run that is over. */
export function ended(pipeline: readonly PipelineStep[], now: Date): PipelineStep[] {
  return pipeline.map((one) =>
    one.started === undefined ? skippedStep(one) : completedStep(one, now),
  );
}

/** The pipeline with its current step failed. */
export function failedAt(
  pipeline: readonly PipelineStep[],
  step: PipelineStepName,
): PipelineStep[] {
  return pipeline.map((one) =>
    one.name === step ? { ...one, failed: true, message: stepMessages.failed } : one,
  );
}

/** The pipeline with other progress lines at one step. */
export function withProgress(
  pipeline: readonly PipelineStep[],
  step: PipelineStepName,
  progress: readonly string[],
): PipelineStep[] {
  return pipeline.map((one) => (one.name === step ? { ...one, progress: [...progress] } : one));
}

function completedStep(step: PipelineStep, now: Date): PipelineStep {
  if (step.completed !== undefined) return step;
  const { phase: _phase, ...rest } = step;
  const message = step.failed ? stepMessages.failed : stepMessages.completed;
  return { ...rest, message, completed: kubeTime(now) };
}

function skippedStep(step: PipelineStep): PipelineStep {
  return { ...step, message: stepMessages.skipped, skipped: true };
}
