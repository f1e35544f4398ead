import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, connectionFromKubeconfig, type Cluster } from "@drover/kube";
import { stateDir } from "../product.ts";

export type ClusterName = "host" | "source" | "edge";

/** The kubeconfig a person would use to look behind the screen. */
export const kubeconfigPath = (): string => join(stateDir, "kubeconfig");

/** How the kubeconfig says a cluster is reached, with its administrator's token. */
export function connectionTo(name: ClusterName) {
  return connectionFromKubeconfig(readFileSync(kubeconfigPath(), "utf8"), { context: name });
}

/** A cluster of the lab as its administrator sees it. */
export function clusterAsAdmin(name: ClusterName): Cluster {
  return connect(connectionTo(name));
}
