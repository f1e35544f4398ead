import { duplicate, invalidValue, notSupported, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, listOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { environmentCauses } from "./environment-causes.ts";
import { placementCauses } from "./placement-causes.ts";
import { podFieldCauses } from "./pod-field-causes.ts";
import { containerPortCauses } from "./port-causes.ts";
import { probeCauses } from "./probe-causes.ts";
import { resourceCauses } from "./resource-causes.ts";
import { containerSecurityCauses, podSecurityCauses } from "./security-causes.ts";
import { mountCauses, volumeNames, volumeSourceCauses } from "./volume-causes.ts";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_DETAIL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const RESTART_POLICIES = ["Always", "OnFailure", "Never"];

/** What is wrong with a pod's spec; `path` says where it stands. */
export function podSpecCauses(spec: Fields, path: string): readonly Cause[] {
  const { names: volumes, causes: twice } = volumeNames(spec, path);
  const causes: Cause[] = [];
  listOf(spec["volumes"])
    .map(fieldsOf)
    .forEach((volume, index) => {
      const where = `${path}.volumes[${index}]`;
      causes.push(...namedCauses(textOf(volume["name"]) ?? "", `${where}.name`));
      causes.push(...volumeSourceCauses(volume, where));
    });
  causes.push(...twice);
  const containers = listOf(spec["containers"]);
  if (containers.length === 0) causes.push(required(`${path}.containers`));
  const names = new Set<string>();
  for (const list of ["containers", "initContainers"]) {
    listOf(spec[list]).forEach((container, index) => {
      const where = `${path}.${list}[${index}]`;
      causes.push(...containerCauses(fieldsOf(container), where, { volumes, names }));
    });
  }
  const policy = spec["restartPolicy"];
  if (!RESTART_POLICIES.includes(String(policy))) {
    causes.push(notSupported(`${path}.restartPolicy`, policy, RESTART_POLICIES));
  }
  causes.push(...podFieldCauses(spec, path), ...podSecurityCauses(spec, path));
  causes.push(...placementCauses(spec, path));
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
  causes.push(...imageCauses(container, path));
  const policy = container["imagePullPolicy"];
  if (!PULL_POLICIES.includes(String(policy))) {
    causes.push(notSupported(`${path}.imagePullPolicy`, policy, PULL_POLICIES));
  }
  return [
    ...causes,
    ...probeCauses(container, path),
    ...containerPortCauses(container, path),
    ...environmentCauses(container, path),
    ...mountCauses(container, path, known.volumes),
    ...resourceCauses(container, path),
    ...containerSecurityCauses(container, path),
  ];
}

function imageCauses(container: Fields, path: string): Cause[] {
  const image = textOf(container["image"]) ?? "";
  if (image === "") return [required(`${path}.image`)];
  if (image.trim() === image) return [];
  const detail = "must not have leading or trailing whitespace";
  return [invalidValue(`${path}.image`, image, detail)];
}
