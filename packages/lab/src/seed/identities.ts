import type { Manifest } from "./manifests.ts";
import { head } from "./manifests.ts";

export const migrationNamespace = "openshift-migration";
export const configNamespace = "openshift-config";
/** Its token registers a cluster. */
export const migrationAccount = "migration-controller";
/** What Drover's own processes are on the host cluster. */
export const controllerAccount = "drover-controller";
export const apiAccount = "drover-api";

const rbac = "rbac.authorization.k8s.io";

/** What every cluster that takes part in migrations has: namespaces, the migration account, people's rights. */
export function clusterIdentities(): Manifest[] {
  return [
    ...[migrationNamespace, configNamespace, "dev"].map((name) =>
      head("v1", "Namespace", ["", name]),
    ),
    ...administrator(migrationAccount),
    {
      ...head(`${rbac}/v1`, "ClusterRoleBinding", ["", "lab-administrators"]),
      roleRef: roleRef("ClusterRole", "cluster-admin"),
      subjects: [{ kind: "Group", apiGroup: rbac, name: "system:cluster-admins" }],
    },
    {
      ...head(`${rbac}/v1`, "RoleBinding", ["dev", "dev-reads"]),
      roleRef: roleRef("ClusterRole", "view"),
      subjects: [developer],
    },
  ];
}

/** What only the host cluster has: Drover's own accounts and who may look at migrations. */
export function hostIdentities(): Manifest[] {
  return [
    ...administrator(controllerAccount),
    ...account(apiAccount),
    {
      ...head(`${rbac}/v1`, "ClusterRole", ["", apiAccount]),
      rules: [
        {
          apiGroups: ["migration.openshift.io"],
          resources: ["*"],
          verbs: ["get", "list", "watch"],
        },
        // The proxy reads a registered cluster with that cluster's own token.
        { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
        {
          apiGroups: ["authorization.k8s.io"],
          resources: ["subjectaccessreviews"],
          verbs: ["create"],
        },
        { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
        { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] },
        { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
      ],
    },
    {
      ...head(`${rbac}/v1`, "ClusterRoleBinding", ["", apiAccount]),
      roleRef: roleRef("ClusterRole", apiAccount),
      subjects: [serviceAccountSubject(apiAccount)],
    },
    {
      ...head(`${rbac}/v1`, "Role", [migrationNamespace, "migration-viewer"]),
      rules: [
        {
          apiGroups: ["migration.openshift.io"],
          resources: ["*"],
          verbs: ["get", "list", "watch"],
        },
      ],
    },
    {
      ...head(`${rbac}/v1`, "RoleBinding", [migrationNamespace, "migration-viewers"]),
      roleRef: roleRef("Role", "migration-viewer"),
      subjects: [developer],
    },
  ];
}

const developer = { kind: "User", apiGroup: rbac, name: "dev" };

function administrator(name: string): Manifest[] {
  return [
    ...account(name),
    {
      ...head(`${rbac}/v1`, "ClusterRoleBinding", ["", name]),
      roleRef: roleRef("ClusterRole", "cluster-admin"),
      subjects: [serviceAccountSubject(name)],
    },
  ];
}

function account(name: string): Manifest[] {
  return [
    head("v1", "ServiceAccount", [migrationNamespace, name]),
    {
      ...head("v1", "Secret", [migrationNamespace, `${name}-token`]),
      metadata: {
        name: `${name}-token`,
        namespace: migrationNamespace,
        annotations: { "kubernetes.io/service-account.name": name },
      },
      type: "kubernetes.io/service-account-token",
    },
  ];
}

function serviceAccountSubject(name: string): Record<string, string> {
  return { kind: "ServiceAccount", name, namespace: migrationNamespace };
}

function roleRef(kind: string, name: string): Record<string, string> {
  return { apiGroup: rbac, kind, name };
}
