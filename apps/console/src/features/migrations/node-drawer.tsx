"use client";

import {
  Alert,
  ClipboardCopyButton,
  CodeBlock,
  CodeBlockAction,
  CodeBlockCode,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  DrawerActions,
  DrawerCloseButton,
  DrawerHead,
  DrawerPanelBody,
  DrawerPanelContent,
  EmptyState,
  EmptyStateBody,
  Skeleton,
  Tab,
  TabTitleText,
  Tabs,
  Title,
} from "@patternfly/react-core";
import type { ObjectEvent, TreeNode } from "@drover/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Age } from "../../shared/ui/age.tsx";
import { AsyncView } from "../../shared/ui/async-view.tsx";
import { ConditionList, conditionsOf } from "../../shared/ui/condition-list.tsx";
import { eventsQuery, logQuery, objectQuery } from "./migration-queries.ts";
import { NodeStatusLabel } from "./node-status.tsx";

export type NodeTab = "summary" | "events" | "log" | "json";

type Props = {
  readonly node: TreeNode;
  readonly initialTab: NodeTab;
  readonly onClose: () => void;
};

/** One object of the migration from all sides. */
export function NodeDrawer({ node, initialTab, onClose }: Props) {
  const [tab, setTab] = useState<NodeTab>(initialTab);
  const tabs: readonly { key: NodeTab; title: string; content: ReactNode }[] = [
    { key: "summary", title: "Summary", content: <Summary node={node} /> },
    { key: "events", title: "Events", content: <Events node={node} /> },
    ...(node.kind === "Pod"
      ? [{ key: "log" as const, title: "Log", content: <Log node={node} /> }]
      : []),
    { key: "json", title: "JSON", content: <Json node={node} /> },
  ];
  return (
    <DrawerPanelContent isResizable defaultSize="45%" minSize="24rem">
      <DrawerHead>
        <Title headingLevel="h2" size="lg">
          {node.kind} {node.name}
        </Title>
        <DrawerActions>
          <DrawerCloseButton onClick={onClose} aria-label="Close" />
        </DrawerActions>
      </DrawerHead>
      <DrawerPanelBody>
        <Tabs
          aria-label={`Details of ${node.kind} ${node.name}`}
          activeKey={tab}
          onSelect={(_event, key) => {
            setTab(key as NodeTab);
          }}
        >
          {tabs.map(({ key, title, content }) => (
            <Tab key={key} eventKey={key} title={<TabTitleText>{title}</TabTitleText>}>
              {key === tab && content}
            </Tab>
          ))}
        </Tabs>
      </DrawerPanelBody>
    </DrawerPanelContent>
  );
}

const loading = <Skeleton height="8rem" screenreaderText="Loading" />;

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

function Summary({ node }: { readonly node: TreeNode }) {
  const object = useQuery(objectQuery(node));
  return (
    <>
      <DescriptionList isHorizontal isCompact>
        <Fact term="Status">
          <NodeStatusLabel status={node.status} />
        </Fact>
        <Fact term="Cluster">{node.cluster}</Fact>
        <Fact term="Namespace">{node.namespace ?? "–"}</Fact>
        <Fact term="Created">
          <Age since={node.createdAt} />
        </Fact>
      </DescriptionList>
      <AsyncView query={object} title={node.kind} loading={loading}>
        {(value) => <ConditionList conditions={conditionsOf(value)} />}
      </AsyncView>
    </>
  );
}

function Events({ node }: { readonly node: TreeNode }) {
  const events = useQuery(eventsQuery(node));
  return (
    <AsyncView query={events} title="Events" loading={loading}>
      {(list) =>
        list.length === 0 ? (
          <EmptyState headingLevel="h3" titleText="No events">
            <EmptyStateBody>
              The cluster has reported nothing about this object. Events are kept for about an hour.
            </EmptyStateBody>
          </EmptyState>
        ) : (
          list.map((event) => (
            <EventAlert key={`${event.reason}${event.lastSeen}${event.message}`} event={event} />
          ))
        )
      }
    </AsyncView>
  );
}

function EventAlert({ event }: { readonly event: ObjectEvent }) {
  return (
    <Alert
      isInline
      component="p"
      isPlain
      variant={event.type === "Warning" ? "warning" : "info"}
      title={`${event.reason}${event.count > 1 ? ` (${String(event.count)} times)` : ""}`}
    >
      {event.message} <Age since={event.lastSeen} />
    </Alert>
  );
}

function Log({ node }: { readonly node: TreeNode }) {
  const log = useQuery(logQuery(node));
  return (
    <AsyncView query={log} title="The log" loading={loading}>
      {(text) => <Code text={text === "" ? "The pod has written nothing." : text} />}
    </AsyncView>
  );
}

function Json({ node }: { readonly node: TreeNode }) {
  const object = useQuery(objectQuery(node));
  return (
    <AsyncView query={object} title={node.kind} loading={loading}>
      {(value) => <Code text={JSON.stringify(value, null, 2)} />}
    </AsyncView>
  );
}

function Code({ text }: { readonly text: string }) {
  return (
    <CodeBlock
      actions={
        <CodeBlockAction>
          <ClipboardCopyButton
            id="copy-code"
            variant="plain"
            onClick={() => void navigator.clipboard.writeText(text)}
          >
            Copy
          </ClipboardCopyButton>
        </CodeBlockAction>
      }
    >
      <CodeBlockCode>{text}</CodeBlockCode>
    </CodeBlock>
  );
}
