import type { Cluster } from "@drover/kube";
import { pino, type Logger } from "pino";
import { ImageStreamController } from "./controllers/image-stream-controller.ts";
import { NamespaceSecurityController } from "./controllers/namespace-security.ts";
import { RouteController } from "./controllers/route-controller.ts";
import { ensureSecurityConstraints } from "./controllers/security-constraints.ts";

export type OpenshiftControllersOptions = {
  /** As admin, with OpenShift's kinds installed (`installOpenshiftKinds`). */
  readonly cluster: Cluster;
  readonly clusterName: string;
  /** What generated host names of Routes end with; `apps.<cluster>.lab.drover.dev` when absent. */
  readonly routeDomain?: string;
  readonly logger?: Logger;
};

export type OpenshiftControllers = { close(): Promise<void> };

/** What generated host names of Routes end with. */
export function routeDomainOf(clusterName: string): string {
  return `apps.${clusterName}.lab.drover.dev`;
}

/** Starts what OpenShift's control plane does: hosts of Routes, user id ranges of namespaces, ImageStreams, SCCs. */
export async function startOpenshiftControllers(
  options: OpenshiftControllersOptions,
): Promise<OpenshiftControllers> {
  const { cluster, clusterName } = options;
  const logger = options.logger ?? pino({ level: "silent" });
  const routeDomain = options.routeDomain ?? routeDomainOf(clusterName);
  const onProblem = (key: string, error: unknown): void => {
    logger.warn({ err: error, cluster: clusterName, key }, "An OpenShift controller tries again");
  };
  await ensureSecurityConstraints(cluster);
  const controllers = [
    new RouteController({ cluster, routeDomain, onProblem }),
    new NamespaceSecurityController({ cluster, onProblem }),
    new ImageStreamController({ cluster, routeDomain, onProblem }),
  ];
  return {
    async close() {
      await Promise.all(controllers.map((controller) => controller.close()));
    },
  };
}
