import { forbiddenField, invalidValue, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { portReferenceCauses } from "./port-causes.ts";

const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
const COUNTS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
];

/** What is wrong with the probes and the hooks of a container. */
export function probeCauses(container: Fields, path: string): readonly Cause[] {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) => {
    const probe = container[name];
    if (!isFields(probe)) return [];
    const where = `${path}.${name}`;
    return [...handlerCauses(probe, where), ...countCauses(probe, where, name)];
  });
  const lifecycle = fieldsOf(container["lifecycle"]);
  const hooks = ["postStart", "preStop"].flatMap((name) => {
    const hook = lifecycle[name];
    return isFields(hook) ? handlerCauses(hook, `${path}.lifecycle.${name}`) : [];
  });
  return [...probes, ...hooks];
}

function handlerCauses(handler: Fields, path: string): Cause[] {
  const [first, ...others] = HANDLERS.filter((name) => handler[name] !== undefined);
  if (first === undefined) return [required(path, "must specify a handler type")];
  const detail = "may not specify more than 1 handler type";
  const causes = others.map((name) => forbiddenField(`${path}.${name}`, detail));
  const chosen = fieldsOf(handler[first]);
  if (first === "exec" && listOf(chosen["command"]).length === 0) {
    causes.push(required(`${path}.exec.command`));
  }
  if (first === "httpGet" || first === "tcpSocket") {
    causes.push(...portReferenceCauses(chosen["port"], `${path}.${first}.port`));
  }
  if (first === "httpGet" && (textOf(chosen["path"]) ?? "") === "") {
    causes.push(required(`${path}.httpGet.path`));
  }
  return causes;
}

function countCauses(probe: Fields, path: string, name: string): Cause[] {
  const causes = COUNTS.flatMap((field) => {
    const count = numberOf(probe[field]) ?? 0;
    if (count >= 0) return [];
    return [invalidValue(`${path}.${field}`, count, "must be greater than or equal to 0")];
  });
  const successes = numberOf(probe["successThreshold"]) ?? 1;
  if (name !== "readinessProbe" && successes > 1) {
    causes.push(invalidValue(`${path}.successThreshold`, successes, "must be 1"));
  }
  return causes;
}
