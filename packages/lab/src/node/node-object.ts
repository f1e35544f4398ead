import { availableParallelism, totalmem } from "node:os";
import { Lease, Namespace, Node } from "./kinds/cluster-objects.ts";
import { typeOf } from "./kinds/lab-kind.ts";
import type { ClusterView } from "./runtime/cluster-view.ts";
import { reasonOf } from "./runtime/cluster-view.ts";
import type { Running } from "./runtime/controller.ts";

export type NodeOptions = {
  readonly view: ClusterView;
  readonly nodeName: string;
  readonly kubeletPort: number;
};

const leaseNamespace = "kube-node-lease";
const leaseSeconds = 40;
const renewMs = 10_000;
const manager = { fieldManager: "kubelet" } as const;

/** Registers the cluster's node as ready and keeps its lease fresh. */
export async function startNode({ view, nodeName, kubeletPort }: NodeOptions): Promise<Running> {
  const { cluster } = view;
  await cluster.apply(Node, nodeObject(nodeName), manager);
  const status = { type: "merge", body: { status: nodeStatus(nodeName, kubeletPort) } } as const;
  await cluster.patchSubresource(Node, { name: nodeName }, "status", status);
  await admitPods(view, nodeName);
  await cluster.apply(
    Namespace,
    { ...typeOf(Namespace), metadata: { name: leaseNamespace } },
    manager,
  );
  const renew = (): Promise<unknown> => cluster.apply(Lease, leaseOf(nodeName), manager);
  await renew();
  const timer = setInterval(() => {
    renew().catch((error: unknown) =>
      view.log.debug({ reason: reasonOf(error) }, "lease not renewed"),
    );
  }, renewMs);
  return { close: async () => clearInterval(timer) };
}

/** Kubernetes keeps pods from a new node until a controller has seen that it is ready: here that is us. */
async function admitPods({ cluster }: ClusterView, name: string): Promise<void> {
  const { spec = {} } = await cluster.get(Node, { name });
  const taints = Array.isArray(spec["taints"]) ? (spec["taints"] as readonly Taint[]) : [];
  const rest = taints.filter(({ key }) => key !== "node.kubernetes.io/not-ready");
  if (rest.length === taints.length) return;
  const body = { spec: { taints: rest.length === 0 ? null : rest } };
  await cluster.patch(Node, { name }, { type: "merge", body });
}

type Taint = { readonly key: string };

function nodeObject(nodeName: string): Node {
  return {
    ...typeOf(Node),
    metadata: {
      name: nodeName,
      labels: {
        "kubernetes.io/hostname": nodeName,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": process.arch === "x64" ? "amd64" : process.arch,
        "node-role.kubernetes.io/worker": "",
        "node-role.kubernetes.io/control-plane": "",
        "topology.kubernetes.io/region": "lab",
        "topology.kubernetes.io/zone": "lab-a",
      },
    },
  };
}

function nodeStatus(nodeName: string, kubeletPort: number): Node["status"] {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const well = { lastHeartbeatTime: now, lastTransitionTime: now };
  const resources = {
    cpu: String(availableParallelism()),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: "1000",
    "ephemeral-storage": "100Gi",
  };
  return {
    addresses: [
      { type: "InternalIP", address: "127.0.0.1" },
      { type: "Hostname", address: nodeName },
    ],
    capacity: resources,
    allocatable: resources,
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    conditions: [
      { type: "MemoryPressure", status: "False", reason: "KubeletHasSufficientMemory", ...well },
      { type: "DiskPressure", status: "False", reason: "KubeletHasNoDiskPressure", ...well },
      { type: "PIDPressure", status: "False", reason: "KubeletHasSufficientPID", ...well },
      {
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        message: "The lab runs its pods.",
        ...well,
      },
    ],
    nodeInfo: {
      operatingSystem: "linux",
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      kubeletVersion: "v1.34.0-lab",
      kubeProxyVersion: "v1.34.0-lab",
      containerRuntimeVersion: "lab://1",
      osImage: "Drover lab",
      kernelVersion: process.version,
      machineID: nodeName,
      systemUUID: nodeName,
      bootID: nodeName,
    },
  };
}

function leaseOf(nodeName: string): Lease {
  return {
    ...typeOf(Lease),
    metadata: { name: nodeName, namespace: leaseNamespace },
    spec: {
      holderIdentity: nodeName,
      leaseDurationSeconds: leaseSeconds,
      renewTime: new Date().toISOString().replace("Z", "000Z"),
    },
  };
}
