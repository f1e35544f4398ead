import { Label, type LabelProps } from "@patternfly/react-core";
import {
  CheckCircleIcon,
  ExclamationCircleIcon,
  ExclamationTriangleIcon,
  InProgressIcon,
  PendingIcon,
} from "@patternfly/react-icons";
import type { NodeStatus } from "@drover/contract";
import type { ReactNode } from "react";

type Face = { readonly status?: LabelProps["status"]; readonly icon: ReactNode };

const faces: Readonly<Record<NodeStatus["state"], Face>> = {
  pending: { icon: <PendingIcon /> },
  running: { status: "info", icon: <InProgressIcon /> },
  succeeded: { status: "success", icon: <CheckCircleIcon /> },
  warning: { status: "warning", icon: <ExclamationTriangleIcon /> },
  failed: { status: "danger", icon: <ExclamationCircleIcon /> },
  unknown: { icon: <PendingIcon /> },
};

/** How an object stands, as a label. */
export function NodeStatusLabel({ status }: { readonly status: NodeStatus }) {
  const { status: severity, icon } = faces[status.state];
  const text =
    status.percent === undefined
      ? status.text
      : `${status.text} · ${String(Math.round(status.percent))} %`;
  return (
    <Label
      isCompact
      variant="outline"
      icon={icon}
      {...(severity !== undefined && { status: severity })}
    >
      {text}
    </Label>
  );
}
