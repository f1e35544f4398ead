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
import { conditionsOf, hasCondition, type MigPlan } from "@drover/crds";
import { readinessFrom } from "../../../shared/readiness.ts";
import { ConditionList } from "../../../shared/ui/condition-list.tsx";
import { Yaml } from "../../../shared/ui/yaml.tsx";

type Props = {
  readonly plan: MigPlan | undefined;
  readonly isSaving: boolean;
};

const isBeingChecked = (plan: MigPlan) =>
  plan.spec.refresh === true || readinessFrom(plan.status?.conditions).state === "checking";

/** What the controller says of the finished plan. */
export function ResultsStep({ plan, isSaving }: Props) {
  if (plan === undefined || isSaving || isBeingChecked(plan))
    return (
      <Bullseye>
        <EmptyState headingLevel="h3" titleText="Checking the plan" icon={Spinner}>
          <EmptyStateBody>
            Drover looks at both clusters and the repository once more.
          </EmptyStateBody>
        </EmptyState>
      </Bullseye>
    );
  const conditions = plan.status?.conditions;
  const isReady = hasCondition(conditions, "Ready");
  const problems = conditionsOf(conditions, "Critical", "Error", "Warn");
  return (
    <Stack hasGutter>
      <StackItem>
        {isReady ? (
          <Alert
            isInline
            component="p"
            variant="success"
            title={`${plan.metadata.name ?? "The plan"} is ready`}
          >
            Stage it to copy data ahead of time, or cut over when it suits you.
          </Alert>
        ) : (
          <Alert isInline component="p" variant="danger" title="The plan cannot run yet">
            Go back and change what is named below, or mend it on the cluster; this page follows by
            itself.
          </Alert>
        )}
      </StackItem>
      {problems.length > 0 && (
        <StackItem>
          <ConditionList conditions={problems} />
        </StackItem>
      )}
      <StackItem>
        <Yaml value={plan} />
      </StackItem>
    </Stack>
  );
}
