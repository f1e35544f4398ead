"use client";

import { Label, Tooltip } from "@patternfly/react-core";
import { CheckCircleIcon, InProgressIcon, ExclamationTriangleIcon } from "@patternfly/react-icons";
import { formatDuration } from "../format/duration.ts";
import { useLive } from "../api/live.tsx";
import { useNow } from "../ui/clock.tsx";

const faces = {
  connecting: { text: "Connecting", status: "info", icon: <InProgressIcon /> },
  live: { text: "Live", status: "success", icon: <CheckCircleIcon /> },
  reconnecting: { text: "Reconnecting", status: "warning", icon: <ExclamationTriangleIcon /> },
} as const;

/** Whether what the page shows is current, and when the server was last heard. */
export function LiveIndicator() {
  const live = useLive();
  const now = useNow();
  const face = faces[live.status];
  const heard =
    live.lastHeard === undefined
      ? "Nothing heard from the server yet."
      : `Last heard from the server ${formatDuration(Math.floor((now - live.lastHeard) / 1000) * 1000)} ago.`;
  return (
    <Tooltip content={heard}>
      <Label status={face.status} icon={face.icon} variant="outline" tabIndex={0}>
        {face.text}
      </Label>
    </Tooltip>
  );
}
