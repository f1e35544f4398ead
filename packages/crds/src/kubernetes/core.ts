import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { Quantity } from "../quantity.ts";
import { AnyObject, IntOrString, StringMap } from "../scalars.ts";

const core = { group: "", version: "v1" } as const;

export const Namespace = defineKind({
  ...core,
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  statusSubresource: true,
  fields: {
    spec: z.looseObject({ finalizers: z.array(z.string()).optional() }).optional(),
    status: z
      .looseObject({
        phase: openString("Active", "Terminating").optional(),
        conditions: z.array(KubeCondition).optional(),
      })
      .optional(),
  },
});
export type Namespace = z.infer<typeof Namespace.schema>;

export const Secret = defineKind({
  ...core,
  kind: "Secret",
  plural: "secrets",
  fields: {
    type: z.string().optional(),
    data: StringMap.optional(),
    stringData: StringMap.optional(),
    immutable: z.boolean().optional(),
  },
});
export type Secret = z.infer<typeof Secret.schema>;

export const ConfigMap = defineKind({
  ...core,
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  fields: {
    data: StringMap.optional(),
    binaryData: StringMap.optional(),
    immutable: z.boolean().optional(),
  },
});
export type ConfigMap = z.infer<typeof ConfigMap.schema>;

export const ServicePort = z.looseObject({
  name: z.string().optional(),
  port: z.int(),
  targetPort: IntOrString.optional(),
  nodePort: z.int().optional(),
  protocol: z.string().optional(),
});
export type ServicePort = z.infer<typeof ServicePort>;

export const Service = defineKind({
  ...core,
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      type: openString("ClusterIP", "NodePort", "LoadBalancer", "ExternalName").optional(),
      clusterIP: z.string().optional(),
      clusterIPs: z.array(z.string()).optional(),
      selector: StringMap.optional(),
      ports: z.array(ServicePort).optional(),
      externalName: z.string().optional(),
    }),
    status: z
      .looseObject({
        loadBalancer: z
          .looseObject({
            ingress: z
              .array(z.looseObject({ ip: z.string().optional(), hostname: z.string().optional() }))
              .optional(),
          })
          .optional(),
      })
      .optional(),
  },
});
export type Service = z.infer<typeof Service.schema>;

const EndpointAddress = z.looseObject({
  ip: z.string(),
  hostname: z.string().optional(),
  nodeName: z.string().optional(),
  targetRef: ObjectReference.optional(),
});

export const Endpoints = defineKind({
  ...core,
  kind: "Endpoints",
  plural: "endpoints",
  singular: "endpoints",
  shortNames: ["ep"],
  fields: {
    subsets: z
      .array(
        z.looseObject({
          addresses: z.array(EndpointAddress).optional(),
          notReadyAddresses: z.array(EndpointAddress).optional(),
          ports: z
            .array(
              z.looseObject({
                name: z.string().optional(),
                port: z.int(),
                protocol: z.string().optional(),
              }),
            )
            .optional(),
        }),
      )
      .optional(),
  },
});
export type Endpoints = z.infer<typeof Endpoints.schema>;

export const ServiceAccount = defineKind({
  ...core,
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  shortNames: ["sa"],
  fields: {
    secrets: z.array(ObjectReference).optional(),
    imagePullSecrets: z.array(z.looseObject({ name: z.string().optional() })).optional(),
    automountServiceAccountToken: z.boolean().optional(),
  },
});
export type ServiceAccount = z.infer<typeof ServiceAccount.schema>;

export const Node = defineKind({
  ...core,
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  statusSubresource: true,
  fields: {
    spec: z
      .looseObject({
        unschedulable: z.boolean().optional(),
        taints: z.array(AnyObject).optional(),
        providerID: z.string().optional(),
      })
      .optional(),
    status: z
      .looseObject({
        addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).optional(),
        daemonEndpoints: z
          .looseObject({ kubeletEndpoint: z.looseObject({ Port: z.int() }).optional() })
          .optional(),
        capacity: z.record(z.string(), Quantity).optional(),
        allocatable: z.record(z.string(), Quantity).optional(),
        conditions: z.array(KubeCondition).optional(),
        nodeInfo: AnyObject.optional(),
      })
      .optional(),
  },
});
export type Node = z.infer<typeof Node.schema>;

export const Event = defineKind({
  ...core,
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  fields: {
    involvedObject: ObjectReference,
    reason: z.string().optional(),
    message: z.string().optional(),
    type: openString("Normal", "Warning").optional(),
    count: z.int().optional(),
    firstTimestamp: z.string().nullish(),
    lastTimestamp: z.string().nullish(),
    eventTime: z.string().nullish(),
    source: z
      .looseObject({ component: z.string().optional(), host: z.string().optional() })
      .optional(),
    reportingComponent: z.string().optional(),
    reportingInstance: z.string().optional(),
  },
});
export type Event = z.infer<typeof Event.schema>;

export const ResourceQuota = defineKind({
  ...core,
  kind: "ResourceQuota",
  plural: "resourcequotas",
  shortNames: ["quota"],
  statusSubresource: true,
  fields: {
    spec: z
      .looseObject({
        hard: z.record(z.string(), Quantity).optional(),
        scopes: z.array(z.string()).optional(),
      })
      .optional(),
    status: z
      .looseObject({
        hard: z.record(z.string(), Quantity).optional(),
        used: z.record(z.string(), Quantity).optional(),
      })
      .optional(),
  },
});
export type ResourceQuota = z.infer<typeof ResourceQuota.schema>;

export const LimitRange = defineKind({
  ...core,
  kind: "LimitRange",
  plural: "limitranges",
  shortNames: ["limits"],
  fields: {
    spec: z
      .looseObject({
        limits: z
          .array(
            z.looseObject({
              type: openString("Pod", "Container", "PersistentVolumeClaim"),
              max: z.record(z.string(), Quantity).optional(),
              min: z.record(z.string(), Quantity).optional(),
              default: z.record(z.string(), Quantity).optional(),
              defaultRequest: z.record(z.string(), Quantity).optional(),
            }),
          )
          .optional(),
      })
      .optional(),
  },
});
export type LimitRange = z.infer<typeof LimitRange.schema>;

export const Lease = defineKind({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  fields: {
    spec: z
      .looseObject({
        holderIdentity: z.string().optional(),
        leaseDurationSeconds: z.int().optional(),
        acquireTime: z.string().nullish(),
        renewTime: z.string().nullish(),
        leaseTransitions: z.int().optional(),
      })
      .optional(),
  },
});
export type Lease = z.infer<typeof Lease.schema>;
