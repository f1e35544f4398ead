import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";
import { AnyObject, StringMap } from "../scalars.ts";

export const Project = defineKind({
  group: "project.openshift.io",
  version: "v1",
  kind: "Project",
  plural: "projects",
  namespaced: false,
  statusSubresource: true,
  fields: {
    spec: z.looseObject({ finalizers: z.array(z.string()).optional() }).optional(),
    status: z.looseObject({ phase: openString("Active", "Terminating").optional() }).optional(),
  },
});
export type Project = z.infer<typeof Project.schema>;

export const SecurityContextConstraints = defineKind({
  group: "security.openshift.io",
  version: "v1",
  kind: "SecurityContextConstraints",
  plural: "securitycontextconstraints",
  singular: "securitycontextconstraints",
  shortNames: ["scc"],
  namespaced: false,
  fields: {
    priority: z.int().nullish(),
    users: z.array(z.string()).nullish(),
    groups: z.array(z.string()).nullish(),
    allowPrivilegedContainer: z.boolean().optional(),
    allowHostDirVolumePlugin: z.boolean().optional(),
    allowHostNetwork: z.boolean().optional(),
    allowHostPID: z.boolean().optional(),
    allowHostIPC: z.boolean().optional(),
    allowHostPorts: z.boolean().optional(),
    allowedCapabilities: z.array(z.string()).nullish(),
    defaultAddCapabilities: z.array(z.string()).nullish(),
    requiredDropCapabilities: z.array(z.string()).nullish(),
    readOnlyRootFilesystem: z.boolean().optional(),
    volumes: z.array(z.string()).nullish(),
    runAsUser: AnyObject.optional(),
    seLinuxContext: z
      .looseObject({ type: z.string().optional(), seLinuxOptions: StringMap.optional() })
      .optional(),
    fsGroup: AnyObject.optional(),
    supplementalGroups: AnyObject.optional(),
  },
});
export type SecurityContextConstraints = z.infer<typeof SecurityContextConstraints.schema>;
