import type { ApiObject, Fields } from "./json.ts";

const RBAC = "rbac.authorization.k8s.io";
const API_VERSION = `${RBAC}/v1`;
const BOOTSTRAP = { "kubernetes.io/bootstrapping": "rbac-defaults" };
const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];

type Grant = readonly [groups: string, resources: string, verbs: readonly string[]];

const VIEW: readonly Grant[] = [
  [
    "",
    "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
    READ,
  ],
  [
    "",
    "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
    READ,
  ],
  ["", "namespaces", READ],
  ["discovery.k8s.io", "endpointslices", READ],
  [
    "apps",
    "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
    READ,
  ],
  ["autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", READ],
  ["batch", "cronjobs cronjobs/status jobs jobs/status", READ],
  ["policy", "poddisruptionbudgets poddisruptionbudgets/status", READ],
  ["networking.k8s.io", "ingresses ingresses/status networkpolicies", READ],
];

const EDIT: readonly Grant[] = [
  ["", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", READ],
  ["", "serviceaccounts", ["impersonate"]],
  ["", "pods pods/attach pods/exec pods/portforward pods/proxy", WRITE],
  ["", "pods/eviction serviceaccounts/token", ["create"]],
  [
    "",
    "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
    WRITE,
  ],
  [
    "apps",
    "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
    WRITE,
  ],
  ["autoscaling", "horizontalpodautoscalers", WRITE],
  ["batch", "cronjobs jobs", WRITE],
  ["policy", "poddisruptionbudgets", WRITE],
  ["networking.k8s.io", "ingresses networkpolicies", WRITE],
  ["coordination.k8s.io", "leases", [...READ, ...WRITE]],
];

const ADMIN: readonly Grant[] = [
  ["authorization.k8s.io", "localsubjectaccessreviews", ["create"]],
  [RBAC, "rolebindings roles", [...READ, ...WRITE]],
];

const BASIC: readonly Grant[] = [
  ["authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", ["create"]],
  ["authentication.k8s.io", "selfsubjectreviews", ["create"]],
];

const DISCOVERY = [
  "/api",
  "/api/*",
  "/apis",
  "/apis/*",
  "/healthz",
  "/livez",
  "/openapi",
  "/openapi/*",
  "/readyz",
  "/version",
  "/version/",
];
const PUBLIC = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

const LARGER: Readonly<Record<string, string>> = { edit: "admin", view: "edit" };

/** The roles and bindings every Kubernetes server has from its first start. */
export const DEFAULT_ROLES: readonly ApiObject[] = [
  clusterRole("cluster-admin", [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ]),
  clusterRole("system:basic-user", BASIC.map(ruleOf)),
  clusterRole("system:discovery", [{ nonResourceURLs: DISCOVERY, verbs: ["get"] }]),
  clusterRole("system:public-info-viewer", [{ nonResourceURLs: PUBLIC, verbs: ["get"] }]),
  partRole("admin", ADMIN),
  partRole("edit", EDIT),
  partRole("view", VIEW),
  wholeRole("admin", [...ADMIN, ...EDIT, ...VIEW]),
  wholeRole("edit", [...EDIT, ...VIEW]),
  wholeRole("view", VIEW),
  clusterRoleBinding("cluster-admin", "cluster-admin", ["system:masters"]),
  clusterRoleBinding("system:basic-user", "system:basic-user", ["system:authenticated"]),
  clusterRoleBinding("system:discovery", "system:discovery", ["system:authenticated"]),
  clusterRoleBinding("system:public-info-viewer", "system:public-info-viewer", [
    "system:authenticated",
    "system:unauthenticated",
  ]),
];

function ruleOf([group, resources, verbs]: Grant): Fields {
  return { apiGroups: [group], resources: resources.split(" "), verbs };
}

function clusterRole(name: string, rules: readonly Fields[]): ApiObject {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRole",
    metadata: { name, labels: { ...BOOTSTRAP } },
    rules,
  };
}

/** A role whose rules the aggregated role of that name, and the larger ones, take over. */
function partRole(name: string, grants: readonly Grant[]): ApiObject {
  const role = clusterRole(`system:aggregate-to-${name}`, grants.map(ruleOf));
  const label = { [`${RBAC}/aggregate-to-${name}`]: "true" };
  role.metadata.labels = { ...role.metadata.labels, ...label };
  return role;
}

function wholeRole(name: string, grants: readonly Grant[]): ApiObject {
  const role = clusterRole(name, grants.map(ruleOf));
  const larger = LARGER[name];
  if (larger !== undefined) {
    const label = { [`${RBAC}/aggregate-to-${larger}`]: "true" };
    role.metadata.labels = { ...role.metadata.labels, ...label };
  }
  const selector = { matchLabels: { [`${RBAC}/aggregate-to-${name}`]: "true" } };
  return { ...role, aggregationRule: { clusterRoleSelectors: [selector] } };
}

function clusterRoleBinding(name: string, role: string, groups: readonly string[]): ApiObject {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRoleBinding",
    metadata: { name, labels: { ...BOOTSTRAP } },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
    subjects: groups.map((group) => ({ kind: "Group", apiGroup: RBAC, name: group })),
  };
}
