import {
  duplicate,
  invalidValue,
  missingReference,
  notSupported,
  required,
} from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, listOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { environmentCauses, podFieldCauses } from "./pod-field-causes.ts";
import { compareQuantities } from "../schema/quantity.ts";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_DETAIL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const RESTART_POLICIES = ["Always", "OnFailure", "Never"];

/** What is wrong with a pod's spec; `path` says where it stands. */
export function podSpecCauses(spec: Fields, path: string): readonly Cause[] {
  const volumes = new Set<string>();
  const causes: Cause[] = [];
  listOf(spec["volumes"]).forEach((volume, index) => {
    const name = textOf(fieldsOf(volume)["name"]) ?? "";
    const where = `${path}.volumes[${index}].name`;
    causes.push(...namedCauses(name, where));
    if (volumes.has(name)) causes.push(duplicate(where, name));
    volumes.add(name);
  });
  const containers = listOf(spec["containers"]);
  if (containers.length === 0) causes.push(required(`${path}.containers`));
  const names = new Set<string>();
  for (const list of ["initContainers", "containers"]) {
    listOf(spec[list]).forEach((container, index) => {
      const where = `${path}.${list}[${index}]`;
      causes.push(...containerCauses(fieldsOf(container), where, { volumes, names }));
    });
  }
  const policy = spec["restartPolicy"];
  if (!RESTART_POLICIES.includes(String(policy))) {
    causes.push(notSupported(`${path}.restartPolicy`, policy, RESTART_POLICIES));
  }
  causes.push(...podFieldCauses(spec, path));
  return causes;
}

function namedCauses(name: string, where: string): Cause[] {
  if (name === "") return [required(where)];
  return LABEL.test(name) ? [] : [invalidValue(where, name, LABEL_DETAIL)];
}

type Known = { readonly volumes: ReadonlySet<string>; readonly names: Set<string> };

function containerCauses(container: Fields, path: string, known: Known): Cause[] {
  const name = textOf(container["name"]) ?? "";
  const causes = namedCauses(name, `${path}.name`);
  if (known.names.has(name)) causes.push(duplicate(`${path}.name`, name));
  known.names.add(name);
  if ((textOf(container["image"]) ?? "") === "") causes.push(required(`${path}.image`));
  const policy = container["imagePullPolicy"];
  if (!PULL_POLICIES.includes(String(policy))) {
    causes.push(notSupported(`${path}.imagePullPolicy`, policy, PULL_POLICIES));
  }
  causes.push(...environmentCauses(container, path));
  causes.push(...mountCauses(container, path, known.volumes));
  causes.push(...portCauses(container, path), ...resourceCauses(container, path));
  return causes;
}

function mountCauses(container: Fields, path: string, volumes: ReadonlySet<string>): Cause[] {
  const mounts = listOf(container["volumeMounts"]).map(fieldsOf);
  return mounts.flatMap((mount, index) => {
    const where = `${path}.volumeMounts[${index}]`;
    const name = textOf(mount["name"]) ?? "";
    const causes: Cause[] = [];
    if (name === "") causes.push(required(`${where}.name`));
    else if (!volumes.has(name)) causes.push(missingReference(`${where}.name`, name));
    if ((textOf(mount["mountPath"]) ?? "") === "") causes.push(required(`${where}.mountPath`));
    return causes;
  });
}

function portCauses(container: Fields, path: string): Cause[] {
  const ports = listOf(container["ports"]).map(fieldsOf);
  return ports.flatMap((port, index) => {
    const where = `${path}.ports[${index}].containerPort`;
    const number = port["containerPort"];
    if (number === undefined || number === 0) return [required(where)];
    return isPort(number) ? [] : [invalidValue(where, number, PORT_DETAIL)];
  });
}

export const PORT_DETAIL = "must be between 1 and 65535, inclusive";

export function isPort(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535;
}

function resourceCauses(container: Fields, path: string): Cause[] {
  const resources = fieldsOf(container["resources"]);
  const limits = fieldsOf(resources["limits"]);
  return Object.entries(fieldsOf(resources["requests"])).flatMap(([name, request]) => {
    const limit = limits[name];
    if (limit === undefined || (compareQuantities(request, limit) ?? 0) <= 0) return [];
    const where = `${path}.resources.requests`;
    const detail = `must be less than or equal to ${name} limit of ${String(limit)}`;
    return [invalidValue(where, request, detail)];
  });
}
