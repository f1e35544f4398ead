"use client";

import {
  Alert,
  Bullseye,
  EmptyState,
  EmptyStateBody,
  Spinner,
  Stack,
  StackItem,
} from "@patternfly/react-core";
import type { MigPlan } from "@drover/crds";
import { readinessFrom } from "../../../shared/readiness.ts";
import { ConditionList } from "../../../shared/ui/condition-list.tsx";
import { Yaml } from "../../../shared/ui/yaml.tsx";

type Props = {
  readonly plan: MigPlan | undefined;
  readonly isSaving: boolean;
  readonly failure: string | undefined;
};

/** What the controller says of the finished plan. */
export function ResultsStep({ plan, isSaving, failure }: Props) {
  if (failure !== undefined) return <Alert isInline variant="danger" title={failure} />;
  const readiness = readinessFrom(plan?.status?.conditions);
  if (
    plan === undefined ||
    isSaving ||
    plan.spec.refresh === true ||
    readiness.state === "checking"
  )
    return (
      <Bullseye>
        <EmptyState headingLevel="h3" titleText="Checking the plan" icon={Spinner}>
          <EmptyStateBody>
            Drover looks at both clusters and the repository once more.
          </EmptyStateBody>
        </EmptyState>
      </Bullseye>
    );
  const conditions = (plan.status?.conditions ?? []).filter(
    ({ category }) => category !== "Advisory",
  );
  return (
    <Stack hasGutter>
      <StackItem>
        {readiness.state === "ready" ? (
          <Alert isInline variant="success" title={`${plan.metadata.name ?? "The plan"} is ready`}>
            Stage it to copy data ahead of time, or cut over when it suits you.
          </Alert>
        ) : (
          <Alert isInline variant="danger" title="The plan cannot run yet">
            Go back and change what is named below, or mend it on the cluster; this page follows by
            itself.
          </Alert>
        )}
      </StackItem>
      <StackItem>
        <ConditionList conditions={conditions.filter(({ type }) => type !== "Ready")} />
      </StackItem>
      <StackItem>
        <Yaml value={plan} />
      </StackItem>
    </Stack>
  );
}
