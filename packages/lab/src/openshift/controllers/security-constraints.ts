import { SecurityContextConstraints } from "@drover/crds";
import type { Cluster } from "@drover/kube";

type Constraints = Omit<SecurityContextConstraints, "apiVersion" | "kind" | "metadata">;

const claimVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const closed: Constraints = {
  allowHostDirVolumePlugin: false,
  allowHostIPC: false,
  allowHostNetwork: false,
  allowHostPID: false,
  allowHostPorts: false,
  allowPrivilegedContainer: false,
  allowedCapabilities: null,
  defaultAddCapabilities: null,
  requiredDropCapabilities: ["KILL", "MKNOD", "SETUID", "SETGID"],
  readOnlyRootFilesystem: false,
  runAsUser: { type: "MustRunAsRange" },
  seLinuxContext: { type: "MustRunAs" },
  fsGroup: { type: "MustRunAs" },
  supplementalGroups: { type: "RunAsAny" },
  volumes: claimVolumes,
  priority: null,
  users: [],
  groups: [],
};

/** The constraints a stock cluster comes with, as far as workloads of the lab meet them. */
const stock: Readonly<Record<string, Constraints>> = {
  "restricted-v2": {
    ...closed,
    requiredDropCapabilities: ["ALL"],
    groups: ["system:authenticated"],
  },
  restricted: closed,
  nonroot: { ...closed, runAsUser: { type: "MustRunAsNonRoot" } },
  anyuid: {
    ...closed,
    priority: 10,
    requiredDropCapabilities: ["MKNOD"],
    runAsUser: { type: "RunAsAny" },
    fsGroup: { type: "RunAsAny" },
    groups: ["system:cluster-admins"],
  },
  "hostmount-anyuid": {
    ...closed,
    allowHostDirVolumePlugin: true,
    requiredDropCapabilities: ["MKNOD"],
    runAsUser: { type: "RunAsAny" },
    fsGroup: { type: "RunAsAny" },
    volumes: [...claimVolumes, "hostPath", "nfs"],
  },
  privileged: {
    ...closed,
    allowHostDirVolumePlugin: true,
    allowHostIPC: true,
    allowHostNetwork: true,
    allowHostPID: true,
    allowHostPorts: true,
    allowPrivilegedContainer: true,
    allowedCapabilities: ["*"],
    requiredDropCapabilities: null,
    runAsUser: { type: "RunAsAny" },
    seLinuxContext: { type: "RunAsAny" },
    fsGroup: { type: "RunAsAny" },
    volumes: ["*"],
    groups: ["system:cluster-admins", "system:masters"],
  },
};

/** Creates the stock constraints that are missing; what people changed stays as it is. */
export async function ensureSecurityConstraints(cluster: Cluster): Promise<void> {
  for (const [name, constraints] of Object.entries(stock)) {
    const existing = await cluster.find(SecurityContextConstraints, { name });
    if (existing !== undefined) continue;
    await cluster.create(SecurityContextConstraints, {
      apiVersion: "security.openshift.io/v1",
      kind: "SecurityContextConstraints",
      metadata: { name },
      ...constraints,
    });
  }
}
