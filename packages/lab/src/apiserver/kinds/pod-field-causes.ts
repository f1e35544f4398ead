import { invalidValue, notSupported, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { labelCauses, labelNameCauses, subdomainCauses } from "../writes/object-names.ts";

const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const OPERATORS = ["Equal", "Exists"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const LAST_SECOND = 2 ** 31 - 1;

/** What is wrong with a pod's own fields, its containers and volumes aside. */
export function podFieldCauses(spec: Fields, path: string): readonly Cause[] {
  return [
    ...nodeCauses(spec, path),
    ...policyCauses(spec, path),
    ...listOf(spec["tolerations"]).flatMap((toleration, index) =>
      tolerationCauses(fieldsOf(toleration), `${path}.tolerations[${index}]`),
    ),
  ];
}

function nodeCauses(spec: Fields, path: string): Cause[] {
  const node = textOf(spec["nodeName"]) ?? "";
  const selector = fieldsOf(spec["nodeSelector"]) as Record<string, string>;
  return [
    ...(node === "" ? [] : subdomainCauses(node, `${path}.nodeName`)),
    ...labelCauses(selector, `${path}.nodeSelector`),
  ];
}

function policyCauses(spec: Fields, path: string): Cause[] {
  const causes: Cause[] = [];
  for (const field of ["hostname", "subdomain"]) {
    const name = textOf(spec[field]) ?? "";
    if (name !== "") causes.push(...labelNameCauses(name, `${path}.${field}`));
  }
  const dns = spec["dnsPolicy"];
  if (!DNS_POLICIES.includes(String(dns))) {
    causes.push(notSupported(`${path}.dnsPolicy`, dns, DNS_POLICIES));
  }
  const deadline = numberOf(spec["activeDeadlineSeconds"]);
  if (deadline !== undefined && (deadline < 1 || deadline > LAST_SECOND)) {
    const detail = `must be between 1 and ${LAST_SECOND}, inclusive`;
    causes.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, detail));
  }
  return causes;
}

function tolerationCauses(toleration: Fields, path: string): Cause[] {
  const operator = textOf(toleration["operator"]) ?? "";
  const effect = textOf(toleration["effect"]) ?? "";
  const causes: Cause[] = [];
  if ((textOf(toleration["key"]) ?? "") === "" && operator !== "Exists") {
    const detail =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(`${path}.operator`, operator, detail));
  }
  if (operator !== "" && !OPERATORS.includes(operator)) {
    causes.push(notSupported(`${path}.operator`, operator, OPERATORS));
  }
  if (effect !== "" && !EFFECTS.includes(effect)) {
    causes.push(notSupported(`${path}.effect`, effect, EFFECTS));
  }
  return causes;
}

/** What is wrong with the environment of a container. */
export function environmentCauses(container: Fields, path: string): readonly Cause[] {
  return listOf(container["env"]).flatMap((item, index) => {
    const where = `${path}.env[${index}]`;
    const variable = fieldsOf(item);
    const causes: Cause[] = [];
    if ((textOf(variable["name"]) ?? "") === "") causes.push(required(`${where}.name`));
    if (variable["valueFrom"] !== undefined && (textOf(variable["value"]) ?? "") !== "") {
      const detail = "may not be specified when `value` is not empty";
      causes.push(invalidValue(`${where}.valueFrom`, "", detail));
    }
    return causes;
  });
}
