import type { KubeObject } from "@drover/crds";
import type { Condition } from "./condition.ts";
import { labKind } from "./lab-kind.ts";
import type { ObjectRef } from "./storage.ts";

export type Namespace = KubeObject & { status?: { phase?: string } };
export const Namespace = labKind<Namespace>("", "Namespace", { namespaced: false });

export type ConfigMap = KubeObject & {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
};
export const ConfigMap = labKind<ConfigMap>("", "ConfigMap");

export type Secret = KubeObject & {
  type?: string;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
};
export const Secret = labKind<Secret>("", "Secret");

export type ServiceAccount = KubeObject & { automountServiceAccountToken?: boolean };
export const ServiceAccount = labKind<ServiceAccount>("", "ServiceAccount");

export type Node = KubeObject & {
  spec?: Record<string, unknown>;
  status?: {
    addresses?: { type: string; address: string }[];
    capacity?: Record<string, string>;
    allocatable?: Record<string, string>;
    conditions?: (Condition & { lastHeartbeatTime?: string })[];
    daemonEndpoints?: { kubeletEndpoint?: { Port: number } };
    nodeInfo?: Record<string, string>;
  };
};
export const Node = labKind<Node>("", "Node", { namespaced: false });

export type Lease = KubeObject & {
  spec: { holderIdentity: string; leaseDurationSeconds: number; renewTime: string };
};
export const Lease = labKind<Lease>("coordination.k8s.io", "Lease");

export type Event = KubeObject & {
  involvedObject: ObjectRef & { fieldPath?: string; resourceVersion?: string };
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  source: { component: string; host?: string };
  reportingComponent: string;
  reportingInstance: string;
};
export const Event = labKind<Event>("", "Event");

export type ServicePort = {
  name?: string;
  port: number;
  targetPort?: number | string;
  nodePort?: number;
  protocol?: string;
};

export type Service = KubeObject & {
  spec: {
    type?: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
    clusterIP?: string;
    selector?: Record<string, string>;
    ports?: ServicePort[];
    publishNotReadyAddresses?: boolean;
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
};
export const Service = labKind<Service>("", "Service");

export type EndpointAddress = { ip: string; nodeName?: string; targetRef?: ObjectRef };
export type EndpointSubset = {
  addresses?: EndpointAddress[];
  notReadyAddresses?: EndpointAddress[];
  ports?: { name?: string; port: number; protocol: string }[];
};
export type Endpoints = KubeObject & { subsets?: EndpointSubset[] };
export const Endpoints = labKind<Endpoints>("", "Endpoints", { plural: "endpoints" });
