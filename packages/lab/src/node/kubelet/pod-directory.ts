import { join } from "node:path";

/** The directory of a container below its pod's. */
export function containerDir(podDir: string, container: string): string {
  return join(podDir, "containers", container);
}

/** The log of the n-th run of a container, counted as its restart count is. */
export function logPath(podDir: string, container: string, restart: number): string {
  return join(containerDir(podDir, container), `${restart}.log`);
}

/** Names the log of a running container. */
export function logKey(podUid: string, container: string): string {
  return `${podUid}/${container}`;
}
