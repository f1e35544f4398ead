import { invalidValue } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";

const ID_DETAIL = "must be between 0 and 2147483647, inclusive";
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

/** What is wrong with the identity a pod runs under. */
export function podSecurityCauses(spec: Fields, path: string): readonly Cause[] {
  const context = fieldsOf(spec["securityContext"]);
  const where = `${path}.securityContext`;
  const causes = idCauses(context, where, ["runAsUser", "runAsGroup", "fsGroup"]);
  listOf(context["sysctls"]).forEach((sysctl, index) => {
    const name = textOf(fieldsOf(sysctl)["name"]) ?? "";
    if (SYSCTL.test(name)) return;
    const detail = "must have at most 253 characters and match regex";
    causes.push(invalidValue(`${where}.sysctls[${index}].name`, name, detail));
  });
  if (spec["shareProcessNamespace"] === true && spec["hostPID"] === true) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    causes.push(invalidValue(`${where}.shareProcessNamespace`, true, detail));
  }
  return causes;
}

/** What is wrong with the rights of a container. */
export function containerSecurityCauses(container: Fields, path: string): readonly Cause[] {
  const context = fieldsOf(container["securityContext"]);
  const where = `${path}.securityContext`;
  const causes = idCauses(context, where, ["runAsUser", "runAsGroup"]);
  if (context["privileged"] === true && context["allowPrivilegeEscalation"] === false) {
    const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
    causes.push(invalidValue(where, context, detail));
  }
  return causes;
}

function idCauses(context: Fields, path: string, fields: readonly string[]): Cause[] {
  return fields.flatMap((field) => {
    const id = numberOf(context[field]) ?? 0;
    return id < 0 || id > 2 ** 31 - 1 ? [invalidValue(`${path}.${field}`, id, ID_DETAIL)] : [];
  });
}
