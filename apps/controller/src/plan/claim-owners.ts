import type { KubeObject, OwnerReference, Pod, PodSpec } from "@drover/crds";

/** Something that mounts a claim. */
export type ClaimUse = { readonly claim: string; readonly owner: OwnerType };

export type OwnerType =
  | "VirtualMachine"
  | "Deployment"
  | "DeploymentConfig"
  | "StatefulSet"
  | "ReplicaSet"
  | "DaemonSet"
  | "Job"
  | "CronJob"
  | "Unknown";

type Workload = KubeObject & { spec?: unknown };
type TemplateSpec = {
  readonly replicas?: number;
  readonly template?: { readonly spec?: PodSpec };
  readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
  readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[];
};

const OWNER_TYPES: readonly string[] = [
  "Deployment",
  "DeploymentConfig",
  "StatefulSet",
  "ReplicaSet",
  "DaemonSet",
  "Job",
  "CronJob",
];

/** The claims that workloads name in their templates. What another workload made counts for that one alone. */
export function claimsOfTemplates(workloads: readonly Workload[]): ClaimUse[] {
  return workloads.filter((workload) => controllerOf(workload) === undefined).flatMap(usesOf);
}

/** The claims that running pods mount, where no template tells of them. */
export function claimsOfPods(pods: readonly Pod[]): ClaimUse[] {
  return pods
    .filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending")
    .flatMap((pod) => {
      const owner = ownerOfPod(controllerOf(pod));
      return owner === undefined ? [] : claimNames(pod.spec).map((claim) => ({ claim, owner }));
    });
}

/** Who uses a claim: one owner, `Unknown` when they are of several types, undefined when nobody does. */
export function ownerTypeOf(claim: string, uses: readonly ClaimUse[]): OwnerType | undefined {
  const owners = new Set(uses.filter((use) => use.claim === claim).map(({ owner }) => owner));
  const [first] = owners;
  return owners.size > 1 ? "Unknown" : first;
}

function usesOf(workload: Workload): ClaimUse[] {
  const spec = (workload.spec ?? {}) as TemplateSpec;
  const pod = spec.template?.spec ?? spec.jobTemplate?.spec?.template?.spec;
  const named = pod ? claimNames(pod) : [];
  const owner = ownerTypeFrom(workload.kind);
  return [...named, ...claimsOfReplicas(workload, spec)].map((claim) => ({ claim, owner }));
}

/** A StatefulSet names its claims after template, set and ordinal. */
function claimsOfReplicas({ metadata }: Workload, spec: TemplateSpec): string[] {
  const ordinals = Array.from({ length: spec.replicas ?? 1 }, (_, ordinal) => ordinal);
  return (spec.volumeClaimTemplates ?? []).flatMap((template) =>
    ordinals.map((ordinal) => `${template.metadata?.name}-${metadata.name}-${ordinal}`),
  );
}

function ownerOfPod(controller: OwnerReference | undefined): OwnerType | undefined {
  if (controller === undefined) return "Unknown";
  if (controller.kind === "VirtualMachineInstance") return "VirtualMachine";
  // A StatefulSet scaled down since still owns the claims its running pods mount.
  if (controller.kind === "StatefulSet") return "StatefulSet";
  const isTold = [...OWNER_TYPES, "ReplicationController"].includes(controller.kind);
  return isTold ? undefined : "Unknown";
}

function ownerTypeFrom(kind: string): OwnerType {
  return OWNER_TYPES.includes(kind) ? (kind as OwnerType) : "Unknown";
}

function claimNames(spec: PodSpec): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : [],
  );
}

function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}
