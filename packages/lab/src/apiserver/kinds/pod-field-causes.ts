import { isIP } from "node:net";
import { invalidValue, notSupported } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import {
  labelCauses,
  labelNameCauses,
  qualifiedNameCauses,
  subdomainCauses,
} from "../writes/object-names.ts";

const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const OPERATORS = ["Equal", "Exists"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const LAST_SECOND = 2 ** 31 - 1;

/** What is wrong with a pod's own fields, its containers and volumes aside. */
export function podFieldCauses(spec: Fields, path: string): readonly Cause[] {
  return [
    ...nodeCauses(spec, path),
    ...policyCauses(spec, path),
    ...aliasCauses(spec, path),
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

function aliasCauses(spec: Fields, path: string): Cause[] {
  const aliases = listOf(spec["hostAliases"]).flatMap((alias) => {
    const ip = textOf(fieldsOf(alias)["ip"]) ?? "";
    if (isIP(ip) !== 0) return [];
    return [invalidValue(`${path}.hostAliases.ip`, ip, "must be valid IP address")];
  });
  const gates = listOf(spec["readinessGates"]).flatMap((gate, index) =>
    qualifiedNameCauses(
      textOf(fieldsOf(gate)["conditionType"]) ?? "",
      `${path}.readinessGates[${index}].conditionType`,
    ),
  );
  return [...aliases, ...gates];
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
  const key = textOf(toleration["key"]) ?? "";
  const keyed = key === "" ? [] : qualifiedNameCauses(key, `${path}.key`);
  return [...keyed, ...effectCauses(toleration, path), ...operatorCauses(toleration, path)];
}

function operatorCauses(toleration: Fields, path: string): Cause[] {
  const text = (field: string): string => textOf(toleration[field]) ?? "";
  const operator = text("operator");
  const causes: Cause[] = [];
  if (operator === "Exists" && text("value") !== "") {
    const detail = "value must be empty when `operator` is 'Exists'";
    causes.push(invalidValue(`${path}.operator`, toleration, detail));
  }
  if (text("key") === "" && operator !== "Exists") {
    const detail =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(`${path}.operator`, operator, detail));
  }
  if (operator !== "" && !OPERATORS.includes(operator)) {
    causes.push(notSupported(`${path}.operator`, operator, OPERATORS));
  }
  return causes;
}

function effectCauses(toleration: Fields, path: string): Cause[] {
  const effect = textOf(toleration["effect"]) ?? "";
  const causes: Cause[] = [];
  if (toleration["tolerationSeconds"] !== undefined && effect !== "NoExecute") {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    causes.push(invalidValue(`${path}.effect`, effect, detail));
  }
  if (effect !== "" && !EFFECTS.includes(effect)) {
    causes.push(notSupported(`${path}.effect`, effect, EFFECTS));
  }
  return causes;
}
