import { ALL_VERBS, apiVersionOf, parseApiVersion, storageNameOf } from "./resource-info.ts";
import type { ResourceInfo } from "./resource-info.ts";

type Row = {
  readonly kind: string;
  readonly plural: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  /** Cluster-scoped when true. */
  readonly cluster?: boolean;
  readonly sub?: readonly string[];
  readonly verbs?: readonly string[];
  /** The resource that really stores it, when this is another version or group of the same thing. */
  readonly storedAs?: { readonly storage: string; readonly version: string };
};

const ALL = ["all"];
const CREATE_ONLY = ["create"];
const SCALED = ["scale", "status"];

const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    { kind: "Binding", plural: "bindings", verbs: CREATE_ONLY },
    {
      kind: "ComponentStatus",
      plural: "componentstatuses",
      short: ["cs"],
      cluster: true,
      verbs: ["get", "list"],
    },
    { kind: "ConfigMap", plural: "configmaps", short: ["cm"] },
    { kind: "Endpoints", plural: "endpoints", short: ["ep"] },
    { kind: "Event", plural: "events", short: ["ev"] },
    { kind: "LimitRange", plural: "limitranges", short: ["limits"] },
    {
      kind: "Namespace",
      plural: "namespaces",
      short: ["ns"],
      cluster: true,
      sub: ["finalize", "status"],
      verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
    },
    { kind: "Node", plural: "nodes", short: ["no"], cluster: true, sub: ["proxy", "status"] },
    {
      kind: "PersistentVolumeClaim",
      plural: "persistentvolumeclaims",
      short: ["pvc"],
      sub: ["status"],
    },
    {
      kind: "PersistentVolume",
      plural: "persistentvolumes",
      short: ["pv"],
      cluster: true,
      sub: ["status"],
    },
    {
      kind: "Pod",
      plural: "pods",
      short: ["po"],
      categories: ALL,
      sub: ["binding", "ephemeralcontainers", "eviction", "log", "status"],
    },
    { kind: "PodTemplate", plural: "podtemplates" },
    {
      kind: "ReplicationController",
      plural: "replicationcontrollers",
      short: ["rc"],
      categories: ALL,
      sub: SCALED,
    },
    { kind: "ResourceQuota", plural: "resourcequotas", short: ["quota"], sub: ["status"] },
    { kind: "Secret", plural: "secrets" },
    { kind: "ServiceAccount", plural: "serviceaccounts", short: ["sa"], sub: ["token"] },
    { kind: "Service", plural: "services", short: ["svc"], categories: ALL, sub: ["status"] },
  ],
  "admissionregistration.k8s.io/v1": [
    {
      kind: "MutatingWebhookConfiguration",
      plural: "mutatingwebhookconfigurations",
      categories: ["api-extensions"],
      cluster: true,
    },
    {
      kind: "ValidatingAdmissionPolicy",
      plural: "validatingadmissionpolicies",
      categories: ["api-extensions"],
      cluster: true,
      sub: ["status"],
    },
    {
      kind: "ValidatingAdmissionPolicyBinding",
      plural: "validatingadmissionpolicybindings",
      categories: ["api-extensions"],
      cluster: true,
    },
    {
      kind: "ValidatingWebhookConfiguration",
      plural: "validatingwebhookconfigurations",
      categories: ["api-extensions"],
      cluster: true,
    },
  ],
  "apiextensions.k8s.io/v1": [
    {
      kind: "CustomResourceDefinition",
      plural: "customresourcedefinitions",
      short: ["crd", "crds"],
      categories: ["api-extensions"],
      cluster: true,
      sub: ["status"],
    },
  ],
  "apiregistration.k8s.io/v1": [
    {
      kind: "APIService",
      plural: "apiservices",
      categories: ["api-extensions"],
      cluster: true,
      sub: ["status"],
    },
  ],
  "apps/v1": [
    { kind: "ControllerRevision", plural: "controllerrevisions" },
    { kind: "DaemonSet", plural: "daemonsets", short: ["ds"], categories: ALL, sub: ["status"] },
    { kind: "Deployment", plural: "deployments", short: ["deploy"], categories: ALL, sub: SCALED },
    { kind: "ReplicaSet", plural: "replicasets", short: ["rs"], categories: ALL, sub: SCALED },
    { kind: "StatefulSet", plural: "statefulsets", short: ["sts"], categories: ALL, sub: SCALED },
  ],
  "authentication.k8s.io/v1": [
    { kind: "SelfSubjectReview", plural: "selfsubjectreviews", cluster: true, verbs: CREATE_ONLY },
    { kind: "TokenReview", plural: "tokenreviews", cluster: true, verbs: CREATE_ONLY },
  ],
  "authorization.k8s.io/v1": [
    { kind: "LocalSubjectAccessReview", plural: "localsubjectaccessreviews", verbs: CREATE_ONLY },
    {
      kind: "SelfSubjectAccessReview",
      plural: "selfsubjectaccessreviews",
      cluster: true,
      verbs: CREATE_ONLY,
    },
    {
      kind: "SelfSubjectRulesReview",
      plural: "selfsubjectrulesreviews",
      cluster: true,
      verbs: CREATE_ONLY,
    },
    {
      kind: "SubjectAccessReview",
      plural: "subjectaccessreviews",
      cluster: true,
      verbs: CREATE_ONLY,
    },
  ],
  "autoscaling/v1": [
    {
      kind: "HorizontalPodAutoscaler",
      plural: "horizontalpodautoscalers",
      short: ["hpa"],
      categories: ALL,
      sub: ["status"],
    },
  ],
  "batch/v1": [
    { kind: "CronJob", plural: "cronjobs", short: ["cj"], categories: ALL, sub: ["status"] },
    { kind: "Job", plural: "jobs", categories: ALL, sub: ["status"] },
  ],
  "batch/v1beta1": [
    {
      kind: "CronJob",
      plural: "cronjobs",
      short: ["cj"],
      categories: ALL,
      sub: ["status"],
      storedAs: { storage: "cronjobs.batch", version: "batch/v1" },
    },
  ],
  "coordination.k8s.io/v1": [{ kind: "Lease", plural: "leases" }],
  "discovery.k8s.io/v1": [{ kind: "EndpointSlice", plural: "endpointslices" }],
  "events.k8s.io/v1": [
    {
      kind: "Event",
      plural: "events",
      short: ["ev"],
      storedAs: { storage: "events", version: "v1" },
    },
  ],
  "networking.k8s.io/v1": [
    { kind: "IngressClass", plural: "ingressclasses", cluster: true },
    { kind: "Ingress", plural: "ingresses", short: ["ing"], sub: ["status"] },
    { kind: "NetworkPolicy", plural: "networkpolicies", short: ["netpol"] },
  ],
  "policy/v1": [
    {
      kind: "PodDisruptionBudget",
      plural: "poddisruptionbudgets",
      short: ["pdb"],
      sub: ["status"],
    },
  ],
  "rbac.authorization.k8s.io/v1": [
    { kind: "ClusterRoleBinding", plural: "clusterrolebindings", cluster: true },
    { kind: "ClusterRole", plural: "clusterroles", cluster: true },
    { kind: "RoleBinding", plural: "rolebindings" },
    { kind: "Role", plural: "roles" },
  ],
  "scheduling.k8s.io/v1": [
    { kind: "PriorityClass", plural: "priorityclasses", short: ["pc"], cluster: true },
  ],
  "storage.k8s.io/v1": [
    { kind: "CSIDriver", plural: "csidrivers", cluster: true },
    { kind: "CSINode", plural: "csinodes", cluster: true },
    { kind: "CSIStorageCapacity", plural: "csistoragecapacities" },
    { kind: "StorageClass", plural: "storageclasses", short: ["sc"], cluster: true },
    { kind: "VolumeAttachment", plural: "volumeattachments", cluster: true, sub: ["status"] },
  ],
};

/** Every resource the server knows without a definition. */
export const BUILTIN_RESOURCES: readonly ResourceInfo[] = Object.entries(GROUPS).flatMap(
  ([apiVersion, rows]) => rows.map((row) => infoOf(apiVersion, row)),
);

function infoOf(apiVersion: string, row: Row): ResourceInfo {
  const { group, version } = parseApiVersion(apiVersion);
  return {
    group,
    version,
    kind: row.kind,
    listKind: `${row.kind}List`,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    shortNames: row.short ?? [],
    categories: row.categories ?? [],
    namespaced: row.cluster !== true,
    verbs: row.verbs ?? ALL_VERBS,
    subresources: row.sub ?? [],
    storage: row.storedAs?.storage ?? storageNameOf(group, row.plural),
    storageVersion: row.storedAs?.version ?? apiVersionOf({ group, version }),
  };
}

/** The groups of Kubernetes itself, served or not; "" is the core. */
export const BUILTIN_GROUPS: ReadonlySet<string> = new Set(
  BUILTIN_RESOURCES.map(({ group }) => group),
);
