import { fileURLToPath } from "node:url";
import type { PodContext, Program } from "../program.ts";

const entrypoint = fileURLToPath(
  new URL("../../../../../deploy/images/transfer/entrypoint.sh", import.meta.url),
);

/** The transfer image: its real entrypoint, with the container's directory for a root and the pod's address to bind to. */
export const transfer: Program = (pod) => {
  const [command, ...rest] = pod.command;
  // A command replaces the entrypoint, as for any image; Velero lets stage pods sleep that way.
  if (command !== undefined) return pod.run(command, [...rest, ...pod.args]);
  return pod.run("/bin/sh", [entrypoint, ...pod.args], {
    env: { ROOT: pod.rootDir, POD_IP: pod.podIP, ...serverAddress(pod) },
  });
};

/** This machine's resolver does not know hosts of Routes; the entrypoint is told where they lead. */
function serverAddress({ env, resolve }: PodContext): Record<string, string> {
  const { TRANSFER_HOST: name, TRANSFER_PORT: port = "6443" } = env;
  if (name === undefined) return {};
  const address = resolve(name, Number(port));
  return { TRANSFER_ADDRESS: `${address.host}:${address.port}` };
}
