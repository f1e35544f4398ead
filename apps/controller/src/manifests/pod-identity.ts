import type { PodSpec } from "@drover/crds";
import type { ClusterSettings } from "../settings/cluster-settings.ts";
import type { PodResources } from "../settings/controller-settings.ts";

/** As whom transfer pods run. Only root can read every file and keep every owner. */
export type PodIdentity =
  | { readonly kind: "root" }
  | {
      readonly kind: "user";
      readonly user: number | undefined;
      readonly group: number | undefined;
    };

type Container = PodSpec["containers"][number];
type ContainerSecurity = NonNullable<Container["securityContext"]>;

export function containerSecurity(
  identity: PodIdentity,
  cluster: Pick<ClusterSettings, "rsyncPrivileged" | "rsyncSuperPrivileged">,
): ContainerSecurity {
  if (identity.kind === "root") return rootSecurity(cluster);
  return {
    runAsNonRoot: true,
    ...(identity.user === undefined ? {} : { runAsUser: identity.user }),
    ...(identity.group === undefined ? {} : { runAsGroup: identity.group }),
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
}

function rootSecurity(
  cluster: Pick<ClusterSettings, "rsyncPrivileged" | "rsyncSuperPrivileged">,
): ContainerSecurity {
  const isPrivileged = cluster.rsyncPrivileged || cluster.rsyncSuperPrivileged;
  return {
    runAsUser: 0,
    readOnlyRootFilesystem: true,
    ...(isPrivileged
      ? { privileged: true }
      : { privileged: false, capabilities: { drop: ["MKNOD", "SETPCAP"] } }),
    ...(cluster.rsyncSuperPrivileged ? { seLinuxOptions: { type: "spc_t" } } : {}),
  };
}

export function containerResources(resources: PodResources): NonNullable<Container["resources"]> {
  const { cpuLimit, memoryLimit, cpuRequest, memoryRequest } = resources;
  const limits = {
    ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }),
    ...(memoryLimit === undefined ? {} : { memory: memoryLimit }),
  };
  return {
    requests: { cpu: cpuRequest, memory: memoryRequest },
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}
