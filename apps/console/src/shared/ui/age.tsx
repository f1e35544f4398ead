"use client";

import { Timestamp, TimestampTooltipVariant } from "@patternfly/react-core";
import { formatDuration } from "../format/duration.ts";
import { useNow } from "./clock.tsx";

type Props = { readonly since: string | undefined; readonly suffix?: string };

function coarse(milliseconds: number): string {
  return milliseconds < 60_000
    ? "just now"
    : formatDuration(Math.floor(milliseconds / 60_000) * 60_000);
}

/** How long ago something happened, with the exact time on hover. */
export function Age({ since, suffix = " ago" }: Props) {
  const now = useNow();
  if (since === undefined) return <>–</>;
  const age = coarse(now - Date.parse(since));
  return (
    <Timestamp date={new Date(since)} tooltip={{ variant: TimestampTooltipVariant.default }}>
      {age === "just now" ? age : `${age}${suffix}`}
    </Timestamp>
  );
}

type ElapsedProps = { readonly from: string | undefined; readonly to?: string | undefined };

/** How long something has taken: counting while it runs, fixed once it ended. */
export function Elapsed({ from, to }: ElapsedProps) {
  const now = useNow();
  if (from === undefined) return <>–</>;
  const end = to === undefined ? now : Date.parse(to);
  const milliseconds = end - Date.parse(from);
  // Kubernetes keeps whole seconds, so tenths would claim more than is known.
  return <>{formatDuration(Math.round(milliseconds / 1000) * 1000)}</>;
}
