"use client";

import {
  Alert,
  Card,
  CardBody,
  Content,
  Drawer,
  DrawerContent,
  DrawerContentBody,
  Flex,
  FlexItem,
  PageSection,
  Skeleton,
  Stack,
  StackItem,
} from "@patternfly/react-core";
import type { MigMigration, MigPlan } from "@drover/crds";
import type { TreeNode } from "@drover/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { resourceQuery } from "../../shared/api/resources.ts";
import { Age, Elapsed } from "../../shared/ui/age.tsx";
import { AsyncView, LoadFailure } from "../../shared/ui/async-view.tsx";
import { ConditionList } from "../../shared/ui/condition-list.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { Yaml } from "../../shared/ui/yaml.tsx";
import { UrlTabs, type UrlTab } from "../../shared/ui/url-tabs.tsx";
import { useSegment } from "../../shared/url-segment.ts";
import { CancelButton } from "./cancel-button.tsx";
import { MigrationStateLabel } from "../../shared/migration/migration-state-label.tsx";
import { migrationView, type MigrationView } from "../../shared/migration/migration-view.ts";
import { NodeDrawer, type NodeTab } from "./node-drawer.tsx";
import { Pipeline } from "./pipeline.tsx";
import { pipelineView } from "../../shared/migration/pipeline-view.ts";
import { ResourceTab } from "./resource-tab.tsx";
import { VolumeTable } from "./volume-table.tsx";

/** One run of a plan: how far it is, what it waits for, and everything it made. */
export function MigrationScreen() {
  const planName = useSegment(1);
  const name = useSegment(3);
  const migrations = useQuery(resourceQuery("migmigrations"));
  const plans = useQuery(resourceQuery("migplans"));
  return (
    <AsyncView
      query={migrations}
      title="Migration"
      loading={<LoadingPage name={name} plan={planName} />}
    >
      {(list) => {
        const migration = list.find(({ metadata }) => metadata.name === name);
        const plan = plans.data?.find(({ metadata }) => metadata.name === planName);
        if (migration === undefined)
          return (
            <LoadFailure
              title={`Migration ${name}`}
              error={
                new Error(
                  `There is no migration called ${name}. It may have been deleted with its plan.`,
                )
              }
              onRetry={() => void migrations.refetch()}
            />
          );
        return <MigrationPage migration={migration} plan={plan} />;
      }}
    </AsyncView>
  );
}

const trailOf = (plan: string) => [
  { title: "Migration plans", href: "/plans" },
  { title: plan, href: `/plans/${plan}` },
];

function LoadingPage({ name, plan }: { readonly name: string; readonly plan: string }) {
  return (
    <>
      <PageHeader title={name} trail={trailOf(plan)} />
      <PageSection hasBodyWrapper={false}>
        <Skeleton height="12rem" screenreaderText="Loading" />
      </PageSection>
    </>
  );
}

type PageProps = { readonly migration: MigMigration; readonly plan: MigPlan | undefined };

function MigrationPage({ migration, plan }: PageProps) {
  const view = migrationView(migration);
  const [shown, setShown] = useState<{ node: TreeNode; tab: NodeTab }>();
  return (
    <Drawer isExpanded={shown !== undefined} isInline>
      <DrawerContent
        panelContent={
          shown && (
            <NodeDrawer
              key={`${shown.node.id} ${shown.tab}`}
              node={shown.node}
              initialTab={shown.tab}
              onClose={() => {
                setShown(undefined);
              }}
            />
          )
        }
      >
        <DrawerContentBody>
          <PageHeader
            title={view.name}
            trail={trailOf(view.plan)}
            labels={<MigrationStateLabel state={view.run.state} />}
            description={<Times view={view} plan={plan} />}
            actions={<CancelButton view={view} />}
          />
          <PageSection hasBodyWrapper={false}>
            <Problems view={view} errors={migration.status?.errors ?? []} />
            <Progress migration={migration} view={view} />
          </PageSection>
          <PageSection hasBodyWrapper={false} isFilled>
            <MigrationTabs
              migration={migration}
              plan={plan}
              selected={shown?.node.id}
              onShow={(node, tab) => {
                setShown({ node, tab });
              }}
            />
          </PageSection>
        </DrawerContentBody>
      </DrawerContent>
    </Drawer>
  );
}

function Times({
  view,
  plan,
}: {
  readonly view: MigrationView;
  readonly plan: MigPlan | undefined;
}) {
  const { srcMigClusterRef: source, destMigClusterRef: target } = plan?.spec ?? {};
  return (
    <>
      {view.action}
      {source?.name !== undefined && ` · ${source.name} → ${target?.name ?? ""}`}
      {view.started !== undefined && (
        <>
          {" · started "}
          <Age since={view.started} />
          {" · "}
          <Elapsed from={view.started} to={view.ended} />{" "}
          {view.ended === undefined ? "so far" : "in all"}
        </>
      )}
    </>
  );
}

function Progress({
  migration,
  view,
}: {
  readonly migration: MigMigration;
  readonly view: MigrationView;
}) {
  const steps = pipelineView(migration);
  if (steps.length === 0) return null;
  return (
    <Card>
      <CardBody>
        <Stack hasGutter>
          <StackItem>
            <Pipeline steps={steps} />
          </StackItem>
          <Waiting view={view} />
        </Stack>
      </CardBody>
    </Card>
  );
}

function Waiting({ view }: { readonly view: MigrationView }) {
  if (view.now === undefined || view.now.text === "") return null;
  return (
    <StackItem aria-live="polite">
      <Flex spaceItems={{ default: "spaceItemsSm" }}>
        <FlexItem>
          <Content component="p">
            <strong>Now:</strong> {view.now.text}
          </Content>
        </FlexItem>
        <FlexItem>
          <Content component="small">
            for <Elapsed from={view.now.since} />
          </Content>
        </FlexItem>
      </Flex>
    </StackItem>
  );
}

function Problems({
  view,
  errors,
}: {
  readonly view: MigrationView;
  readonly errors: readonly string[];
}) {
  return (
    <>
      {errors.length > 0 && (
        <Alert isInline component="p" variant="danger" title="The migration failed">
          {errors.map((error) => (
            <p key={error}>{error}</p>
          ))}
        </Alert>
      )}
      {view.problems.map(({ type, category, message, lastTransitionTime }) => (
        <Alert
          key={type}
          isInline
          component="p"
          variant={category === "Warn" ? "warning" : "danger"}
          title={message ?? type}
        >
          {type}, <Age since={lastTransitionTime} />
        </Alert>
      ))}
    </>
  );
}

type TabsProps = PageProps & {
  readonly selected: string | undefined;
  readonly onShow: (node: TreeNode, tab: NodeTab) => void;
};

function MigrationTabs({ migration, plan, selected, onShow }: TabsProps) {
  const tabs: readonly UrlTab[] = [
    {
      key: "volumes",
      title: "Volumes",
      content: <VolumeTable migration={migration} plan={plan} />,
    },
    {
      key: "resources",
      title: "Resources",
      content: <ResourceTab migration={migration} selected={selected} onShow={onShow} />,
    },
    {
      key: "conditions",
      title: "Conditions",
      content: <ConditionList conditions={migration.status?.conditions ?? []} />,
    },
    { key: "yaml", title: "YAML", content: <Yaml value={migration} /> },
  ];
  return <UrlTabs label="Migration" tabs={tabs} />;
}
