"use client";

import {
  Alert,
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  EmptyState,
  EmptyStateBody,
  Flex,
  PageSection,
  Skeleton,
  Stack,
  StackItem,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { conditionsOf, type RunAction } from "@drover/crds";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { resourceQuery } from "../../shared/api/resources.ts";
import { usePermission } from "../../shared/api/session.ts";
import { formatBytes } from "../../shared/format/bytes.ts";
import { RunsTable } from "../../shared/migration/runs-table.tsx";
import { Age } from "../../shared/ui/age.tsx";
import { AsyncView, LoadFailure } from "../../shared/ui/async-view.tsx";
import { ConditionList } from "../../shared/ui/condition-list.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { PermittedButton } from "../../shared/ui/permitted-button.tsx";
import { Yaml } from "../../shared/ui/yaml.tsx";
import { UrlTabs, type UrlTab } from "../../shared/ui/url-tabs.tsx";
import { useSegment } from "../../shared/url-segment.ts";
import { PlanActions } from "./plan-actions.tsx";
import { PlanStatusLabel } from "./plan-status-label.tsx";
import { planView, type PlanView } from "./plan-view.ts";
import { PlanVolumes } from "./plan-volumes.tsx";
import { RunDialog } from "./run-dialog.tsx";

const trail = [{ title: "Migration plans", href: "/plans" }];

/** One plan: what it moves, how it stands, what can be done with it. */
export function PlanScreen() {
  const name = useSegment(1);
  const plans = useQuery(resourceQuery("migplans"));
  const migrations = useQuery(resourceQuery("migmigrations"));
  const loading = (
    <>
      <PageHeader title={name} trail={trail} />
      <PageSection hasBodyWrapper={false}>
        <Skeleton height="12rem" screenreaderText="Loading" />
      </PageSection>
    </>
  );
  return (
    <AsyncView query={plans} title="Migration plan" loading={loading}>
      {(list) => {
        const plan = list.find(({ metadata }) => metadata.name === name);
        if (plan === undefined)
          return (
            <LoadFailure
              title={`Plan ${name}`}
              error={new Error(`There is no plan called ${name}. It may have been deleted.`)}
              onRetry={() => void plans.refetch()}
            />
          );
        return <PlanPage view={planView(plan, migrations.data ?? [])} />;
      }}
    </AsyncView>
  );
}

/** What a person most likely wants next: to stage, then to cut over, and back after that. */
function nextAction({ status, runs }: PlanView): RunAction {
  const { actions } = status;
  if (actions.rollback === undefined && actions.cutover !== undefined) return "rollback";
  return runs.length === 0 ? "stage" : "cutover";
}

const buttonTexts: Readonly<Record<RunAction, string>> = {
  stage: "Stage",
  cutover: "Cutover",
  rollback: "Roll back",
};

function PlanPage({ view }: { readonly view: PlanView }) {
  const router = useRouter();
  const verdict = usePermission("migrations.write");
  const [dialog, setDialog] = useState<RunAction>();
  const next = nextAction(view);
  const refused = verdict.reason ?? view.status.actions[next];
  const tabs: readonly UrlTab[] = [
    { key: "overview", title: "Overview", content: <Overview view={view} /> },
    { key: "migrations", title: "Migrations", content: <Runs view={view} /> },
    { key: "namespaces", title: "Namespaces", content: <Namespaces view={view} /> },
    { key: "volumes", title: "Volumes", content: <PlanVolumes plan={view.plan} /> },
    { key: "yaml", title: "YAML", content: <Yaml value={view.plan} /> },
  ];
  return (
    <>
      <PageHeader
        title={view.name}
        trail={trail}
        labels={<PlanStatusLabel view={view} />}
        description={`Full migration · ${view.source} → ${view.target}`}
        actions={
          <Flex spaceItems={{ default: "spaceItemsSm" }}>
            <PermittedButton
              verdict={
                refused === undefined ? { allowed: true } : { allowed: false, reason: refused }
              }
              variant={next === "rollback" ? "secondary" : "primary"}
              onClick={() => {
                setDialog(next);
              }}
            >
              {buttonTexts[next]}
            </PermittedButton>
            <PlanActions view={view} onDeleted={() => router.push("/plans")} />
          </Flex>
        }
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <UrlTabs label="Plan" tabs={tabs} />
      </PageSection>
      {dialog !== undefined && (
        <RunDialog
          plan={view.plan}
          action={dialog}
          onClose={() => {
            setDialog(undefined);
          }}
        />
      )}
    </>
  );
}

function Overview({ view }: { readonly view: PlanView }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Namespaces", view.namespaces.map(({ source }) => source).join(", ")],
    [
      "Volumes",
      view.volumeCount === 0
        ? "None"
        : `${String(view.volumeCount)}, ${formatBytes(view.volumeBytes)}`,
    ],
    ["Replication repository", view.storage],
    [
      "Volumes travel",
      view.plan.spec.indirectVolumeMigration === true ? "through the repository" : "directly",
    ],
    ["Created", <Age key="created" since={view.created} />],
  ];
  const { running } = view;
  const problems = conditionsOf(view.plan.status?.conditions, "Critical", "Error", "Warn");
  return (
    <Stack hasGutter>
      {running !== undefined && (
        <StackItem>
          <Alert
            isInline
            component="p"
            variant="info"
            title={`${running.run.action} is running`}
            actionLinks={
              <Button
                variant="link"
                isInline
                component={(props) => (
                  <Link {...props} href={`/plans/${view.name}/migrations/${running.run.name}`} />
                )}
              >
                Watch it
              </Button>
            }
          >
            {running.run.now?.text}
          </Alert>
        </StackItem>
      )}
      {problems.length > 0 && (
        <StackItem>
          <ConditionList conditions={problems} />
        </StackItem>
      )}
      <StackItem>
        <DescriptionList isHorizontal>
          {facts.map(([term, value]) => (
            <DescriptionListGroup key={term}>
              <DescriptionListTerm>{term}</DescriptionListTerm>
              <DescriptionListDescription>{value}</DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
      </StackItem>
    </Stack>
  );
}

function Runs({ view }: { readonly view: PlanView }) {
  if (view.runs.length === 0)
    return (
      <EmptyState headingLevel="h2" titleText="Not run yet">
        <EmptyStateBody>
          Stage the plan to copy its data ahead of time, as often as you like; cut over to move the
          applications.
        </EmptyStateBody>
      </EmptyState>
    );
  return <RunsTable label="Migrations" runs={view.runs} />;
}

function Namespaces({ view }: { readonly view: PlanView }) {
  return (
    <Table aria-label="Namespaces" variant="compact">
      <Thead>
        <Tr>
          <Th modifier="nowrap">On {view.source}</Th>
          <Th modifier="nowrap">On {view.target}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {view.namespaces.map(({ source, target }) => (
          <Tr key={source}>
            <Td dataLabel={`On ${view.source}`}>{source}</Td>
            <Td dataLabel={`On ${view.target}`}>{target}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
