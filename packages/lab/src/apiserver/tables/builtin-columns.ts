import { at, fieldsOf, listOf, textOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import {
  accessModes,
  countColumn,
  endpointAddresses,
  fieldColumn,
  jobDuration,
  jobStatus,
  nodeRoles,
  nodeStatus,
  readyColumn,
  selectorColumn,
  servicePorts,
  templateColumns,
} from "./cells.ts";
import { ageColumn, ageOf, column, nameColumn } from "./column.ts";
import type { Cell, Column } from "./column.ts";
import { podReady, podRestarts, podStatus } from "./pod-cells.ts";

const withAge = (...columns: readonly Column[]): readonly Column[] => [
  nameColumn,
  ...columns.filter(({ priority }) => priority === 0),
  ageColumn,
  ...columns.filter(({ priority }) => priority > 0),
];

const keyCount = (...fields: readonly string[]): Column => ({
  ...column("Data", (object) =>
    fields.reduce((sum, field) => sum + Object.keys(fieldsOf(object[field])).length, 0),
  ),
  type: "integer",
});

const template = templateColumns("spec.template");
const orEmpty = (value: unknown): string => (value === undefined ? "" : String(value));

/** What kubectl shows of each builtin resource. */
export const BUILTIN_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  pods: withAge(
    column("Ready", podReady),
    column("Status", podStatus),
    column("Restarts", podRestarts),
    fieldColumn("IP", "status.podIP", 1),
    fieldColumn("Node", "spec.nodeName", 1),
    fieldColumn("Nominated Node", "status.nominatedNodeName", 1),
    column("Readiness Gates", () => "<none>", 1),
  ),
  namespaces: withAge(column("Status", (object) => orEmpty(at(object, "status", "phase")))),
  nodes: withAge(
    column("Status", nodeStatus),
    column("Roles", nodeRoles),
    column("Version", (object) => orEmpty(at(object, "status", "nodeInfo", "kubeletVersion"))),
    column("Internal-IP", (object) => nodeAddress(object, "InternalIP"), 1),
    column("External-IP", (object) => nodeAddress(object, "ExternalIP"), 1),
    fieldColumn("OS-Image", "status.nodeInfo.osImage", 1),
    fieldColumn("Kernel-Version", "status.nodeInfo.kernelVersion", 1),
    fieldColumn("Container-Runtime", "status.nodeInfo.containerRuntimeVersion", 1),
  ),
  configmaps: withAge(keyCount("data", "binaryData")),
  secrets: withAge(
    column("Type", (object) => orEmpty(object["type"])),
    keyCount("data"),
  ),
  resourcequotas: [
    nameColumn,
    ageColumn,
    column("Request", (object) => quotaUse(object, (name) => !name.startsWith("limits."))),
    column("Limit", (object) => quotaUse(object, (name) => name.startsWith("limits."))),
  ],
  serviceaccounts: withAge({
    ...column("Secrets", (object) => listOf(object["secrets"]).length),
    type: "integer",
  }),
  services: withAge(
    column("Type", (object) => orEmpty(at(object, "spec", "type"))),
    fieldColumn("Cluster-IP", "spec.clusterIP"),
    column("External-IP", externalAddress),
    column("Port(s)", servicePorts),
    selectorColumn,
  ),
  endpoints: withAge(column("Endpoints", endpointAddresses)),
  events: [
    column("Last Seen", (object, now) =>
      ageOf(object["lastTimestamp"] ?? object["eventTime"] ?? object["firstTimestamp"], now),
    ),
    column("Type", (object) => orEmpty(object["type"])),
    column("Reason", (object) => orEmpty(object["reason"])),
    column("Object", (object) => eventObject(object)),
    column("Subobject", (object) => orEmpty(at(object, "involvedObject", "fieldPath")), 1),
    column("Source", (object) => orEmpty(at(object, "source", "component")), 1),
    column("Message", (object) => (textOf(object["message"]) ?? "").trim()),
    column(
      "First Seen",
      (object, now) => ageOf(object["firstTimestamp"] ?? object["eventTime"], now),
      1,
    ),
    column("Count", (object) => Number(object["count"] ?? 1), 1),
    { ...nameColumn, priority: 1 },
  ],
  persistentvolumeclaims: withAge(
    column("Status", (object) => deletable(object, at(object, "status", "phase"))),
    column("Volume", (object) => orEmpty(at(object, "spec", "volumeName"))),
    column("Capacity", (object) => orEmpty(at(object, "status", "capacity", "storage"))),
    column("Access Modes", (object) => accessModes(at(object, "status", "accessModes"))),
    column("StorageClass", (object) => orEmpty(at(object, "spec", "storageClassName"))),
    column("VolumeAttributesClass", () => "<unset>"),
    fieldColumn("VolumeMode", "spec.volumeMode", 1),
  ),
  persistentvolumes: withAge(
    column("Capacity", (object) => orEmpty(at(object, "spec", "capacity", "storage"))),
    column("Access Modes", (object) => accessModes(at(object, "spec", "accessModes"))),
    column("Reclaim Policy", (object) =>
      orEmpty(at(object, "spec", "persistentVolumeReclaimPolicy")),
    ),
    column("Status", (object) => deletable(object, at(object, "status", "phase"))),
    column("Claim", claimOf),
    column("StorageClass", (object) => orEmpty(at(object, "spec", "storageClassName"))),
    column("VolumeAttributesClass", () => "<unset>"),
    column("Reason", (object) => orEmpty(at(object, "status", "reason"))),
    fieldColumn("VolumeMode", "spec.volumeMode", 1),
  ),
  "storageclasses.storage.k8s.io": withAge(
    fieldColumn("Provisioner", "provisioner"),
    fieldColumn("ReclaimPolicy", "reclaimPolicy"),
    fieldColumn("VolumeBindingMode", "volumeBindingMode"),
    column("AllowVolumeExpansion", (object) => object["allowVolumeExpansion"] === true),
  ),
  "horizontalpodautoscalers.autoscaling": withAge(
    column("Reference", (object) => {
      const { kind, name } = fieldsOf(at(object, "spec", "scaleTargetRef"));
      return `${String(kind)}/${String(name)}`;
    }),
    column("Targets", autoscalerTargets),
    column("MinPods", (object) => orEmpty(at(object, "spec", "minReplicas") ?? "<unset>")),
    countColumn("MaxPods", "spec.maxReplicas"),
    countColumn("Replicas", "status.currentReplicas"),
  ),
  "deployments.apps": withAge(
    readyColumn("status.readyReplicas", "spec.replicas"),
    countColumn("Up-to-date", "status.updatedReplicas"),
    countColumn("Available", "status.availableReplicas"),
    ...template,
    selectorColumn,
  ),
  "statefulsets.apps": withAge(readyColumn("status.readyReplicas", "spec.replicas"), ...template),
  "replicasets.apps": replicaColumns(),
  replicationcontrollers: replicaColumns(),
  "daemonsets.apps": withAge(
    countColumn("Desired", "status.desiredNumberScheduled"),
    countColumn("Current", "status.currentNumberScheduled"),
    countColumn("Ready", "status.numberReady"),
    countColumn("Up-to-date", "status.updatedNumberScheduled"),
    countColumn("Available", "status.numberAvailable"),
    fieldColumn("Node Selector", "spec.template.spec.nodeSelector"),
    ...template,
    selectorColumn,
  ),
  "jobs.batch": withAge(
    column("Status", jobStatus),
    readyCompletions(),
    column("Duration", jobDuration),
    ...template,
    selectorColumn,
  ),
  "cronjobs.batch": withAge(
    fieldColumn("Schedule", "spec.schedule"),
    fieldColumn("Timezone", "spec.timeZone"),
    column("Suspend", (object) => (at(object, "spec", "suspend") === true ? "True" : "False")),
    column("Active", (object) => listOf(at(object, "status", "active")).length),
    column("Last Schedule", (object, now) => {
      const last = at(object, "status", "lastScheduleTime");
      return last === undefined ? "<none>" : ageOf(last, now);
    }),
    ...templateColumns("spec.jobTemplate.spec.template"),
  ),
  "rolebindings.rbac.authorization.k8s.io": bindingColumns(),
  "clusterrolebindings.rbac.authorization.k8s.io": bindingColumns(),
  "roles.rbac.authorization.k8s.io": createdAt(),
  "clusterroles.rbac.authorization.k8s.io": createdAt(),
  "customresourcedefinitions.apiextensions.k8s.io": createdAt(),
  "leases.coordination.k8s.io": withAge(fieldColumn("Holder", "spec.holderIdentity")),
};

function replicaColumns(): readonly Column[] {
  return withAge(
    countColumn("Desired", "spec.replicas"),
    countColumn("Current", "status.replicas"),
    countColumn("Ready", "status.readyReplicas"),
    ...template,
    selectorColumn,
  );
}

function bindingColumns(): readonly Column[] {
  const role = (object: ApiObject): string => {
    const { kind, name } = fieldsOf(object["roleRef"]);
    return `${String(kind)}/${String(name)}`;
  };
  return withAge(column("Role", role));
}

function createdAt(): readonly Column[] {
  return [
    nameColumn,
    { ...column("Created At", (object) => object.metadata.creationTimestamp ?? ""), type: "date" },
  ];
}

function readyCompletions(): Column {
  return column("Completions", (object) => {
    const wanted = at(object, "spec", "completions");
    return `${orEmpty(at(object, "status", "succeeded") ?? 0)}/${wanted === undefined ? "1" : orEmpty(wanted)}`;
  });
}

function deletable(object: ApiObject, phase: unknown): string {
  return object.metadata.deletionTimestamp === undefined ? orEmpty(phase) : "Terminating";
}

function claimOf(object: ApiObject): Cell {
  const claim = fieldsOf(at(object, "spec", "claimRef"));
  return claim["name"] === undefined
    ? ""
    : `${String(claim["namespace"])}/${String(claim["name"])}`;
}

function nodeAddress(object: ApiObject, type: string): string {
  const addresses = listOf(at(object, "status", "addresses")).map(fieldsOf);
  return textOf(addresses.find((address) => address["type"] === type)?.["address"]) ?? "<none>";
}

function quotaUse(object: ApiObject, isShown: (name: string) => boolean): string {
  const { hard, used } = fieldsOf(object["status"]);
  return Object.keys(fieldsOf(hard))
    .filter(isShown)
    .sort()
    .map((name) => `${name}: ${orEmpty(fieldsOf(used)[name])}/${orEmpty(fieldsOf(hard)[name])}`)
    .join(", ");
}

function autoscalerTargets(object: ApiObject): string {
  const target = at(object, "spec", "targetCPUUtilizationPercentage");
  if (target === undefined) return "<none>";
  const current = at(object, "status", "currentCPUUtilizationPercentage");
  return `cpu: ${current === undefined ? "<unknown>" : `${String(current)}%`}/${String(target)}%`;
}

function externalAddress(object: ApiObject): string {
  const spec = fieldsOf(object["spec"]);
  if (spec["type"] === "ExternalName") return orEmpty(spec["externalName"]);
  const ingress = listOf(at(object, "status", "loadBalancer", "ingress")).map(fieldsOf);
  const addresses = [
    ...ingress.map((one) => orEmpty(one["ip"] ?? one["hostname"])),
    ...listOf(spec["externalIPs"]).map(String),
  ];
  if (addresses.length > 0) return addresses.join(",");
  return spec["type"] === "LoadBalancer" ? "<pending>" : "<none>";
}

function eventObject(object: ApiObject): string {
  const { kind, name } = fieldsOf(object["involvedObject"]);
  return name === undefined ? String(kind) : `${String(kind).toLowerCase()}/${String(name)}`;
}
