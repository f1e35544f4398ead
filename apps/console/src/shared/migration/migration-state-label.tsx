import { Label, type LabelProps } from "@patternfly/react-core";
import { InProgressIcon } from "@patternfly/react-icons";
import type { RunState } from "@drover/crds";

type Face = { readonly text: string } & Pick<LabelProps, "status" | "icon">;

const faces: Readonly<Record<RunState, Face>> = {
  waiting: { text: "Waiting to start" },
  postponed: { text: "Waiting for an earlier run" },
  blocked: { text: "Blocked", status: "danger" },
  running: { text: "Running", status: "info", icon: <InProgressIcon /> },
  paused: { text: "Held up", status: "warning" },
  canceling: { text: "Canceling", status: "warning", icon: <InProgressIcon /> },
  canceled: { text: "Canceled" },
  failed: { text: "Failed", status: "danger" },
  succeeded: { text: "Succeeded", status: "success" },
  "succeeded-with-warnings": { text: "Succeeded with warnings", status: "warning" },
};

/** How a run stands, in one word. */
export function MigrationStateLabel({ state }: { readonly state: RunState }) {
  const { text, ...face } = faces[state];
  return <Label {...face}>{text}</Label>;
}
