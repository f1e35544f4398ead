import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Names this process: `host_machine_pid_random`. The machine part is equal only where process ids can be compared. */
export function processIdentity(): string {
  return [hostname(), machineId(), process.pid, randomUUID().slice(0, 8)].join("_");
}

/**
 * True when the named process ran beside this one and is over, so that its lease need not run out first.
 * False whenever that cannot be known.
 */
export function isHolderGone(identity: string): boolean {
  const [, machine, pid] = identity.split("_").slice(-4);
  if (machine === undefined || machine !== machineId() || machine === UNKNOWN) return false;
  return !isRunning(Number(pid));
}

const UNKNOWN = "unknown";

/** This boot of this machine and this space of process ids, as Linux tells them. */
function machineId(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const processSpace = readlinkSync("/proc/self/ns/pid");
    return createHash("sha256").update(`${boot} ${processSpace}`).digest("hex").slice(0, 12);
  } catch {
    return UNKNOWN;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
