"use client";

import { Button, Label, List, ListItem, Popover } from "@patternfly/react-core";
import {
  CheckCircleIcon,
  ExclamationCircleIcon,
  ExclamationTriangleIcon,
} from "@patternfly/react-icons";
import type { Readiness } from "../readiness.ts";

type FaceProps = {
  readonly title: string;
  readonly status: "warning" | "danger";
  readonly sentences: readonly string[];
};

function Explained({ title, status, sentences }: FaceProps) {
  const icon = status === "danger" ? <ExclamationCircleIcon /> : <ExclamationTriangleIcon />;
  return (
    <Popover
      headerContent={title}
      alertSeverityVariant={status}
      bodyContent={
        <List isPlain>
          {sentences.map((sentence) => (
            <ListItem key={sentence}>{sentence}</ListItem>
          ))}
        </List>
      }
    >
      <Button variant="plain" hasNoPadding>
        <Label status={status} icon={icon}>
          {title}
        </Label>
      </Button>
    </Popover>
  );
}

/** One word on whether something can be used; the reasons are a click away. */
export function ReadinessLabel({ readiness }: { readonly readiness: Readiness }) {
  if (readiness.state === "checking") return <Label status="info">Checking</Label>;
  if (readiness.state === "failed")
    return <Explained title="Not ready" status="danger" sentences={readiness.reasons} />;
  if (readiness.warnings.length > 0)
    return (
      <Explained title="Ready with warnings" status="warning" sentences={readiness.warnings} />
    );
  return (
    <Label status="success" icon={<CheckCircleIcon />}>
      Ready
    </Label>
  );
}
