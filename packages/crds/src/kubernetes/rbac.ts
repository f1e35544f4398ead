import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { LabelSelector } from "../label-selector.ts";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1" } as const;

export const PolicyRule = z.looseObject({
  verbs: z.array(z.string()),
  apiGroups: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  resourceNames: z.array(z.string()).optional(),
  nonResourceURLs: z.array(z.string()).optional(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

export const Subject = z.looseObject({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  apiGroup: z.string().optional(),
});
export type Subject = z.infer<typeof Subject>;

const RoleRef = z.looseObject({ apiGroup: z.string(), kind: z.string(), name: z.string() });

export const Role = defineKind({
  ...rbac,
  kind: "Role",
  plural: "roles",
  fields: { rules: z.array(PolicyRule).nullish() },
});
export type Role = z.infer<typeof Role.schema>;

export const ClusterRole = defineKind({
  ...rbac,
  kind: "ClusterRole",
  plural: "clusterroles",
  namespaced: false,
  fields: {
    rules: z.array(PolicyRule).nullish(),
    aggregationRule: z
      .looseObject({ clusterRoleSelectors: z.array(LabelSelector).optional() })
      .optional(),
  },
});
export type ClusterRole = z.infer<typeof ClusterRole.schema>;

export const RoleBinding = defineKind({
  ...rbac,
  kind: "RoleBinding",
  plural: "rolebindings",
  fields: { roleRef: RoleRef, subjects: z.array(Subject).optional() },
});
export type RoleBinding = z.infer<typeof RoleBinding.schema>;

export const ClusterRoleBinding = defineKind({
  ...rbac,
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  namespaced: false,
  fields: { roleRef: RoleRef, subjects: z.array(Subject).optional() },
});
export type ClusterRoleBinding = z.infer<typeof ClusterRoleBinding.schema>;
