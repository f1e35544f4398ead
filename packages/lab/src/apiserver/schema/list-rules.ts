/** How the lists of builtin types merge. A list without a row here is replaced as a whole. */
export type ListRule = {
  readonly keys?: readonly string[];
  readonly set?: boolean;
  /** False where strategic merge patches replace a list that server-side apply merges. */
  readonly patchMerge?: boolean;
  readonly patchKey?: string;
  readonly keyDefaults?: Readonly<Record<string, unknown>>;
};

const byName: ListRule = { keys: ["name"] };
const byType: ListRule = { keys: ["type"] };
/** Merged by strategic merge patches, replaced by server-side apply. */
const patchOnly = (patchKey?: string): ListRule =>
  patchKey === undefined ? { patchMerge: true } : { patchMerge: true, patchKey };

const container: Readonly<Record<string, ListRule>> = {
  env: byName,
  ports: {
    keys: ["containerPort", "protocol"],
    patchKey: "containerPort",
    keyDefaults: { protocol: "TCP" },
  },
  volumeDevices: { keys: ["devicePath"] },
  volumeMounts: { keys: ["mountPath"] },
};

export const LIST_RULES: Readonly<Record<string, Readonly<Record<string, ListRule>>>> = {
  V1ObjectMeta: { finalizers: { set: true, patchMerge: true }, ownerReferences: { keys: ["uid"] } },
  V1PodSpec: {
    containers: byName,
    initContainers: byName,
    ephemeralContainers: byName,
    volumes: byName,
    imagePullSecrets: byName,
    hostAliases: { keys: ["ip"] },
    resourceClaims: byName,
    schedulingGates: byName,
    topologySpreadConstraints: {
      keys: ["topologyKey", "whenUnsatisfiable"],
      patchKey: "topologyKey",
    },
  },
  V1Container: container,
  V1EphemeralContainer: container,
  V1ResourceRequirements: { claims: { ...byName, patchMerge: false } },
  V1PodStatus: {
    conditions: byType,
    podIPs: { keys: ["ip"] },
    hostIPs: patchOnly("ip"),
    resourceClaimStatuses: byName,
  },
  V1ServiceSpec: {
    ports: { keys: ["port", "protocol"], patchKey: "port", keyDefaults: { protocol: "TCP" } },
  },
  V1ServiceStatus: { conditions: byType },
  V1ServiceAccount: { secrets: byName },
  V1NamespaceStatus: { conditions: byType },
  V1NodeSpec: { podCIDRs: { set: true, patchMerge: true } },
  V1NodeStatus: { conditions: byType, addresses: byType },
  V1PersistentVolumeClaimStatus: { conditions: byType },
  V1DeploymentStatus: { conditions: byType },
  V1ReplicaSetStatus: { conditions: byType },
  V1ReplicationControllerStatus: { conditions: byType },
  V1StatefulSetStatus: { conditions: byType },
  V1DaemonSetStatus: { conditions: byType },
  V1JobStatus: { conditions: patchOnly("type") },
  V1PodDisruptionBudgetStatus: { conditions: byType },
  V1APIServiceStatus: { conditions: byType },
  V1CustomResourceDefinitionStatus: { conditions: { ...byType, patchMerge: false } },
  V1CSINodeSpec: { drivers: byName },
  V1MutatingWebhookConfiguration: { webhooks: byName },
  V1ValidatingWebhookConfiguration: { webhooks: byName },
  V1MutatingWebhook: { matchConditions: byName },
  V1ValidatingWebhook: { matchConditions: byName },
  V1LimitRangeSpec: {},
  V1TopologySpreadConstraint: {},
  V1ClusterRole: {},
};

/** Builtin types owned and applied as one value. */
export const ATOMIC_TYPES: ReadonlySet<string> = new Set([
  "V1LabelSelector",
  "V1ObjectReference",
  "V1LocalObjectReference",
  "V1TypedLocalObjectReference",
  "V1SecretKeySelector",
  "V1ConfigMapKeySelector",
  "V1ObjectFieldSelector",
  "V1ResourceFieldSelector",
  "V1NodeSelector",
  "V1NodeSelectorTerm",
  "V1ScopeSelector",
  "V1ScopedResourceSelectorRequirement",
  "V1TopologySelectorTerm",
  "V1SecretReference",
  "V1EndpointAddress",
  "CoreV1EndpointPort",
  "DiscoveryV1EndpointPort",
  "RbacV1Subject",
  "V1RoleRef",
  "V1OwnerReference",
  "V1CrossVersionObjectReference",
  "V1IngressServiceBackend",
  "V1ServiceBackendPort",
]);

/** Maps owned and applied as one value, as `Type.field`. */
export const ATOMIC_MAPS: ReadonlySet<string> = new Set([
  "V1PodSpec.nodeSelector",
  "V1ServiceSpec.selector",
  "V1ReplicationControllerSpec.selector",
]);
