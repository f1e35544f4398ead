"use client";

import { ProgressStep, ProgressStepper, type ProgressStepProps } from "@patternfly/react-core";
import { InProgressIcon } from "@patternfly/react-icons";
import { Elapsed } from "../../shared/ui/age.tsx";
import type { StepState, StepView } from "../../shared/migration/pipeline-view.ts";

const faces: Readonly<
  Record<StepState, { variant: NonNullable<ProgressStepProps["variant"]>; spoken: string }>
> = {
  waiting: { variant: "pending", spoken: "not started" },
  running: { variant: "info", spoken: "running" },
  done: { variant: "success", spoken: "done" },
  failed: { variant: "danger", spoken: "failed" },
  skipped: { variant: "pending", spoken: "skipped" },
};

function Detail({ step }: { readonly step: StepView }) {
  if (step.state === "waiting") return <>Not started</>;
  if (step.state === "skipped") return <>Skipped: nothing to do</>;
  return <Elapsed from={step.started} to={step.completed} />;
}

/** The steps of a run side by side, each with the time it took or has taken. */
export function Pipeline({ steps }: { readonly steps: readonly StepView[] }) {
  return (
    <ProgressStepper isCenterAligned aria-label="Pipeline">
      {steps.map((step, index) => (
        <ProgressStep
          // A cancelled run lists a step of the same name twice: once as planned, once as done to clean up.
          key={`${step.name}-${String(index)}`}
          id={`step-${String(index)}`}
          titleId={`step-${String(index)}-title`}
          variant={faces[step.state].variant}
          isCurrent={step.state === "running"}
          description={<Detail step={step} />}
          aria-label={`${step.title}: ${faces[step.state].spoken}`}
          {...(step.state === "running" && { icon: <InProgressIcon /> })}
        >
          {step.title}
        </ProgressStep>
      ))}
    </ProgressStepper>
  );
}
