import { badRequest } from "../http/status-error.ts";
import { at } from "../json.ts";
import type { ApiObject } from "../json.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { parseFieldSelector, parseLabelSelector } from "../selectors.ts";
import type { ResourceRequest } from "../server-context.ts";

export type Selection = (object: ApiObject) => boolean;

/** Fields besides name and namespace that each builtin resource can be selected by. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  namespaces: ["status.phase"],
  nodes: ["spec.unschedulable"],
  secrets: ["type"],
  services: ["spec.clusterIP", "spec.type"],
  replicationcontrollers: ["status.replicas"],
  "replicasets.apps": ["status.replicas"],
  "jobs.batch": ["status.successful"],
};

/** Which objects a list or watch asks for; undefined when it asks for all. */
export function selectionOf(request: ResourceRequest): Selection | undefined {
  const tests: Selection[] = [];
  const labels = request.query.get("labelSelector") ?? "";
  if (labels !== "") {
    const test = parseLabelSelector(labels);
    tests.push((object) => test(object.metadata.labels));
  }
  const fields = request.query.get("fieldSelector") ?? "";
  for (const requirement of parseFieldSelector(fields)) {
    checkSelectable(request.resource, requirement.field);
    tests.push(
      (object) =>
        (fieldText(object, requirement.field) === requirement.value) === requirement.equals,
    );
  }
  if (request.info.name !== undefined) {
    const name = request.info.name;
    tests.push((object) => object.metadata.name === name);
  }
  if (tests.length === 0) return undefined;
  return (object) => tests.every((test) => test(object));
}

function checkSelectable(resource: ResourceInfo, field: string): void {
  const own = SELECTABLE[resource.storage] ?? [];
  const custom = (resource.custom?.selectableFields ?? []).map((path) => path.replace(/^\./, ""));
  const always = resource.namespaced ? ["metadata.name", "metadata.namespace"] : ["metadata.name"];
  if ([...always, ...own, ...custom].includes(field)) return;
  throw badRequest(
    resource.custom === undefined
      ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`,
  );
}

const FALSE_BY_DEFAULT = new Set(["spec.unschedulable", "spec.hostNetwork"]);

function fieldText(object: ApiObject, field: string): string {
  if (field === "source") return String(at(object, "source", "component") ?? "");
  const value = at(object, ...field.split("."));
  if (value === undefined || value === null) return FALSE_BY_DEFAULT.has(field) ? "false" : "";
  return String(value);
}
