"use client";

import {
  Alert,
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Content,
  EmptyState,
  EmptyStateBody,
  Flex,
  FlexItem,
  Grid,
  GridItem,
  PageSection,
  Progress,
  ProgressMeasureLocation,
  ProgressStep,
  ProgressStepper,
  Skeleton,
  Stack,
  StackItem,
} from "@patternfly/react-core";
import { CheckCircleIcon } from "@patternfly/react-icons";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { resourceQuery } from "../../shared/api/resources.ts";
import { MigrationStateLabel } from "../../shared/migration/migration-state-label.tsx";
import type { MigrationView } from "../../shared/migration/migration-view.ts";
import { pipelinePercent } from "../../shared/migration/pipeline-view.ts";
import { RunsTable } from "../../shared/migration/runs-table.tsx";
import { Elapsed } from "../../shared/ui/age.tsx";
import { AsyncView } from "../../shared/ui/async-view.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import {
  overviewOf,
  type Attention,
  type GuideStep,
  type RunningMigration,
} from "./overview-view.ts";

/** The landing page: what needs a person now, what is running, what ended. */
export function OverviewScreen() {
  const clusters = useQuery(resourceQuery("migclusters"));
  const storages = useQuery(resourceQuery("migstorages"));
  const plans = useQuery(resourceQuery("migplans"));
  const migrations = useQuery(resourceQuery("migmigrations"));
  const loading = (
    <PageSection hasBodyWrapper={false}>
      <Skeleton height="16rem" screenreaderText="Loading" />
    </PageSection>
  );
  return (
    <>
      <PageHeader
        title="Overview"
        description="What needs you now, what is running, and what has ended."
      />
      <AsyncView query={migrations} title="Migrations" loading={loading}>
        {(runs) => {
          const overview = overviewOf({
            clusters: clusters.data ?? [],
            storages: storages.data ?? [],
            plans: plans.data ?? [],
            migrations: runs,
          });
          return (
            <PageSection hasBodyWrapper={false} isFilled>
              <Grid hasGutter>
                {!overview.isSetUp && (
                  <GridItem>
                    <Guide steps={overview.guide} />
                  </GridItem>
                )}
                <GridItem lg={7}>
                  <Running runs={overview.running} />
                </GridItem>
                <GridItem lg={5}>
                  <NeedsAttention list={overview.attention} />
                </GridItem>
                <GridItem>
                  <Finished runs={overview.finished} />
                </GridItem>
              </Grid>
            </PageSection>
          );
        }}
      </AsyncView>
    </>
  );
}

function Guide({ steps }: { readonly steps: readonly GuideStep[] }) {
  const next = steps.find(({ isDone }) => !isDone);
  return (
    <Card>
      <CardTitle component="h2">Four steps to the first migration</CardTitle>
      <CardBody>
        <ProgressStepper aria-label="Getting started" isCenterAligned>
          {steps.map((step, index) => (
            <ProgressStep
              key={step.title}
              id={`guide-${String(index)}`}
              titleId={`guide-${String(index)}-title`}
              variant={step.isDone ? "success" : step === next ? "info" : "pending"}
              isCurrent={step === next}
              description={step.detail}
              aria-label={`${step.title}: ${step.isDone ? "done" : "to do"}`}
            >
              {step.isDone ? step.title : <Link href={step.href}>{step.title}</Link>}
            </ProgressStep>
          ))}
        </ProgressStepper>
      </CardBody>
    </Card>
  );
}

function Running({ runs }: { readonly runs: readonly RunningMigration[] }) {
  return (
    <Card isFullHeight>
      <CardTitle component="h2">Running</CardTitle>
      <CardBody>
        {runs.length === 0 ? (
          <EmptyState headingLevel="h3" titleText="Nothing is running" variant="sm">
            <EmptyStateBody>
              Migrations appear here while they run. <Link href="/plans">See the plans</Link>
            </EmptyStateBody>
          </EmptyState>
        ) : (
          <Stack hasGutter>
            {runs.map((run) => (
              <StackItem key={run.view.name}>
                <RunCard run={run} />
              </StackItem>
            ))}
          </Stack>
        )}
      </CardBody>
    </Card>
  );
}

function RunCard({ run }: { readonly run: RunningMigration }) {
  const { view, route, steps } = run;
  return (
    <Card isCompact variant="secondary">
      <CardHeader>
        <Flex justifyContent={{ default: "justifyContentSpaceBetween" }}>
          <FlexItem>
            <Link href={`/plans/${view.plan}/migrations/${view.name}`}>
              {view.action} of {view.plan}
            </Link>{" "}
            <Content component="small">{route}</Content>
          </FlexItem>
          <FlexItem>
            <MigrationStateLabel state={view.run.state} /> <Elapsed from={view.started} />
          </FlexItem>
        </Flex>
      </CardHeader>
      <CardBody>
        <Progress
          aria-label={`Progress of ${view.name}`}
          size="sm"
          value={pipelinePercent(steps)}
          measureLocation={ProgressMeasureLocation.outside}
        />
        {view.now !== undefined && <Content component="small">{view.now.text}</Content>}
      </CardBody>
    </Card>
  );
}

function NeedsAttention({ list }: { readonly list: readonly Attention[] }) {
  return (
    <Card isFullHeight>
      <CardTitle component="h2">Needs attention</CardTitle>
      <CardBody>
        {list.length === 0 ? (
          <EmptyState
            headingLevel="h3"
            titleText="All is well"
            icon={CheckCircleIcon}
            status="success"
            variant="sm"
          >
            <EmptyStateBody>No cluster, repository, plan or run needs you.</EmptyStateBody>
          </EmptyState>
        ) : (
          <Stack hasGutter>
            {list.map(({ key, severity, title, detail, href, action }) => (
              <StackItem key={key}>
                <Alert
                  isInline
                  component="p"
                  variant={severity}
                  title={title}
                  actionLinks={
                    <Button
                      variant="link"
                      isInline
                      component={(props) => <Link {...props} href={href} />}
                    >
                      {action}
                    </Button>
                  }
                >
                  {detail}
                </Alert>
              </StackItem>
            ))}
          </Stack>
        )}
      </CardBody>
    </Card>
  );
}

function Finished({ runs }: { readonly runs: readonly MigrationView[] }) {
  if (runs.length === 0) return null;
  return (
    <Card>
      <CardTitle component="h2">Last runs</CardTitle>
      <CardBody>
        <RunsTable label="Last runs" runs={runs} hasPlans />
      </CardBody>
    </Card>
  );
}
