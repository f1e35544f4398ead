import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process by number and start time: numbers are used again, the pair is not. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: string };

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) };
}

/** True when this very process, not a later one with its number, still runs. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const current = startTimeOf(pid);
  return current !== "" && current === startTime;
}

function startTimeOf(pid: number): string {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
    }).stdout.trim();
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in the second field may hold spaces and brackets; fields count from after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}
