import { Label, type LabelProps } from "@patternfly/react-core";
import { InProgressIcon } from "@patternfly/react-icons";
import type { Severity } from "@drover/crds";
import Link from "next/link";
import type { PlanView } from "./plan-view.ts";

const faces: Readonly<Record<Severity, Pick<LabelProps, "status" | "icon">>> = {
  danger: { status: "danger" },
  warning: { status: "warning" },
  progress: { status: "info", icon: <InProgressIcon /> },
  success: { status: "success" },
  info: {},
};

/** How a plan stands, linking to the run that says more. */
export function PlanStatusLabel({ view }: { readonly view: PlanView }) {
  const { status, name, runs } = view;
  const newest = runs[0];
  const label = <Label {...faces[status.severity]}>{status.text}</Label>;
  if (newest === undefined) return label;
  return <Link href={`/plans/${name}/migrations/${newest.name}`}>{label}</Link>;
}
