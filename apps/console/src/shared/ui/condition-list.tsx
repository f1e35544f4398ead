import {
  Alert,
  type AlertProps,
  EmptyState,
  EmptyStateBody,
  Stack,
  StackItem,
} from "@patternfly/react-core";
import { Age } from "./age.tsx";

/** A condition of any kind of object; `category` only where migration resources have it. */
export type ShownCondition = {
  readonly type: string;
  readonly status: string;
  readonly category?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | null | undefined;
};

/** The conditions of whatever object, or none. */
export function conditionsOf(object: object): readonly ShownCondition[] {
  const { status } = object as { status?: { conditions?: readonly ShownCondition[] } };
  return status?.conditions ?? [];
}

const variants: Readonly<Record<string, AlertProps["variant"]>> = {
  Critical: "danger",
  Error: "danger",
  Warn: "warning",
  Required: "success",
};

/** What a resource says about itself, most serious first. */
export function ConditionList({ conditions }: { readonly conditions: readonly ShownCondition[] }) {
  if (conditions.length === 0)
    return (
      <EmptyState headingLevel="h3" titleText="No conditions">
        <EmptyStateBody>This object says nothing about its state.</EmptyStateBody>
      </EmptyState>
    );
  const order = ["Critical", "Error", "Warn", "Advisory", "Required"];
  const rank = ({ category = "Advisory" }: ShownCondition) => order.indexOf(category);
  return (
    <Stack hasGutter>
      {conditions
        .toSorted((a, b) => rank(a) - rank(b))
        .map((condition) => (
          <StackItem key={condition.type}>
            <Alert
              isInline
              component="p"
              variant={variants[condition.category ?? ""] ?? "info"}
              title={
                condition.status === "True"
                  ? condition.type
                  : `${condition.type}: ${condition.status}`
              }
            >
              {condition.message ?? condition.reason}{" "}
              <Age since={condition.lastTransitionTime ?? undefined} />
            </Alert>
          </StackItem>
        ))}
    </Stack>
  );
}
