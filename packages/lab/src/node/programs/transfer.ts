import { fileURLToPath } from "node:url";
import type { Program } from "../program.ts";

const entrypoint = fileURLToPath(
  new URL("../../../../../deploy/images/transfer/entrypoint.sh", import.meta.url),
);

/** The transfer image: its real entrypoint, with the container's directory for a root and the pod's address to bind to. */
export const transfer: Program = (pod) =>
  pod.run("/bin/sh", [entrypoint, ...pod.command.slice(1), ...pod.args], {
    env: { ROOT: pod.rootDir, POD_IP: pod.podIP },
  });
