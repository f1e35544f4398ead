import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { Reachability } from "../faults/unreachable.ts";
import type { PodContext, Program } from "../node/program.ts";
import { registryPort } from "./registry-names.ts";
import { startRegistry } from "./registry-server.ts";
import { reasonOf } from "../node/runtime/cluster-view.ts";

/** Where the registry's pod finds what it mounts. */
export const registryMounts = {
  data: "/registry",
  certificate: "/etc/secrets",
  account: "/var/run/secrets/registry-account",
} as const;

/** The image of a cluster's registry; whether it can be reached may be asked for by the cluster's name. */
export function registryProgram(
  reachability: (cluster: string) => Reachability = () => new Reachability(),
): Program {
  return async (pod) => {
    const cluster = await clusterOf(pod);
    const mounted = (folder: string, name: string): Promise<string> =>
      readFile(pod.path(`${folder}/${name}`), "utf8");
    const registry = await startRegistry({
      dataDir: pod.path(registryMounts.data),
      cluster,
      host: pod.podIP,
      port: registryPort,
      tls: {
        certPem: await mounted(registryMounts.certificate, "tls.crt"),
        keyPem: await mounted(registryMounts.certificate, "tls.key"),
      },
      onFailure: (about, error) => pod.log(`${about} failed: ${reasonOf(error)}`),
      reachability: reachability(pod.cluster),
    });
    pod.log(`serving on ${pod.podIP}:${registry.port}`);
    if (!pod.signal.aborted) await once(pod.signal, "abort");
    await registry.close();
    await cluster.close();
    return 0;
  };
}

/** As the registry's own account, whose token does not run out. */
async function clusterOf({ env, path }: PodContext): Promise<Cluster> {
  const read = (name: string): Promise<string> =>
    readFile(path(`${registryMounts.account}/${name}`), "utf8");
  const address = `${env["KUBERNETES_SERVICE_HOST"]}:${env["KUBERNETES_SERVICE_PORT"]}`;
  return connect({
    url: `https://${address}`,
    caPem: await read("ca.crt"),
    token: await read("token"),
  });
}
