import type { ClusterLayout } from "../lab-layout.ts";
import { servedKind } from "../served-kinds.ts";
import type { KeyPair } from "../tls/certificate-authority.ts";
import { addressPool } from "./address-pool.ts";
import type { ContainerLog } from "./container-log.ts";
import { cronJobController } from "./controllers/cron-job.ts";
import { daemonSetController } from "./controllers/daemon-set.ts";
import { deploymentConfigController } from "./controllers/deployment-config.ts";
import { deploymentController } from "./controllers/deployment.ts";
import { EndpointSlice, endpointsController } from "./controllers/endpoints.ts";
import { jobController } from "./controllers/job.ts";
import {
  replicaSetController,
  replicationControllerController,
} from "./controllers/replica-set.ts";
import { schedulerController } from "./controllers/scheduler.ts";
import { statefulSetController } from "./controllers/stateful-set.ts";
import { Pod } from "./kinds/pod.ts";
import { CronJob } from "./kinds/workload.ts";
import { startKubelet } from "./kubelet/kubelet.ts";
import { startKubeletServer } from "./kubelet/kubelet-server.ts";
import { startNode } from "./node-object.ts";
import type { NetworkLink } from "./network-link.ts";
import type { LabNetwork } from "./lab-network.ts";
import type { ProgramRegistry } from "./program-registry.ts";
import type { ClusterView } from "./runtime/cluster-view.ts";
import { runController } from "./runtime/controller.ts";
import type { Running } from "./runtime/controller.ts";
import { startServiceProxy } from "./service-proxy.ts";

export type NodeRoomOptions = {
  readonly view: ClusterView;
  readonly layout: ClusterLayout;
  readonly programs: ProgramRegistry;
  /** What the kubelet serves logs with. */
  readonly tls: KeyPair;
  /** Second octet of pod addresses. */
  readonly network: number;
  readonly resolve: LabNetwork["resolve"];
  readonly baseEnv: Readonly<Record<string, string>>;
  /** With OpenShift's kinds: DeploymentConfigs run too. */
  readonly openshift: boolean;
  /** What bytes to Services pass. */
  readonly link: NetworkLink;
};

/** Starts a cluster's node: what makes pods of workloads, places them, runs them and carries bytes to them. */
export async function startNodeRoom(options: NodeRoomOptions): Promise<Running> {
  const { view, layout, network, link } = options;
  const nodeName = `${view.clusterName}-node`;
  const liveLogs = new Map<string, ContainerLog>();
  const server = await startKubeletServer({
    tls: options.tls,
    podsDir: layout.podsDir,
    findPod: (namespace, name) => view.watch(Pod).find(`${namespace}/${name}`),
    liveLogs,
  });
  const node = await startNode({ view, nodeName, kubeletPort: server.port });
  const kubelet = await startKubelet({
    ...options,
    nodeName,
    addresses: addressPool(network),
    liveLogs,
  });
  const served = await view.cluster.discovery();
  const controllers = [
    deploymentController,
    replicaSetController,
    replicationControllerController,
    statefulSetController,
    daemonSetController,
    jobController,
    schedulerController,
    ...(options.openshift ? [deploymentConfigController] : []),
  ].map((controller) => runController(view, controller(view)));
  const slices = servedKind(served, EndpointSlice);
  controllers.push(runController(view, endpointsController(view, slices)));
  const cronJobs = servedKind(served, CronJob);
  if (cronJobs !== undefined) {
    controllers.push(runController(view, cronJobController(view, cronJobs)));
  }
  const proxy = startServiceProxy({ view, loadBalancerNetwork: `127.${network + 2}`, link });
  return {
    async close() {
      await Promise.all([...controllers, proxy].map((running) => running.close()));
      await kubelet.close();
      await Promise.all([node.close(), server.close()]);
    },
  };
}
