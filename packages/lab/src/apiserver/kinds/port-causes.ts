import { duplicate, invalidValue, notSupported, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, listOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";

export const PORT_DETAIL = "must be between 1 and 65535, inclusive";
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const NAME_DETAIL = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";

export function isPort(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** What is wrong with the ports of a container. */
export function containerPortCauses(container: Fields, path: string): readonly Cause[] {
  const names = new Set<string>();
  return listOf(container["ports"]).flatMap((item, index) => {
    const port = fieldsOf(item);
    const where = `${path}.ports[${index}]`;
    const name = textOf(port["name"]) ?? "";
    const causes = name === "" ? [] : portNameCauses(name, `${where}.name`);
    if (name !== "" && names.has(name)) causes.push(duplicate(`${where}.name`, name));
    names.add(name);
    return [...causes, ...numberCauses(port, where), ...protocolCauses(port["protocol"], where)];
  });
}

function numberCauses({ containerPort, hostPort }: Fields, path: string): Cause[] {
  const causes: Cause[] = [];
  if (containerPort === undefined || containerPort === 0) {
    causes.push(required(`${path}.containerPort`));
  } else if (!isPort(containerPort)) {
    causes.push(invalidValue(`${path}.containerPort`, containerPort, PORT_DETAIL));
  }
  if (hostPort !== undefined && hostPort !== 0 && !isPort(hostPort)) {
    causes.push(invalidValue(`${path}.hostPort`, hostPort, PORT_DETAIL));
  }
  return causes;
}

export function protocolCauses(protocol: unknown, path: string): Cause[] {
  if (PROTOCOLS.includes(String(protocol))) return [];
  return [notSupported(`${path}.protocol`, protocol, PROTOCOLS)];
}

/** What is wrong with a port that is given by its number, or by its name. */
export function portReferenceCauses(port: unknown, path: string): Cause[] {
  if (typeof port === "string") return portNameCauses(port, path);
  return isPort(port) ? [] : [invalidValue(path, port, PORT_DETAIL)];
}

function portNameCauses(name: string, path: string): Cause[] {
  const details = [
    ...(name.length > 15 ? ["must be no more than 15 characters"] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : [NAME_DETAIL]),
    ...(/[a-z]/.test(name) ? [] : ["must contain at least one letter (a-z)"]),
  ];
  return details.map((detail) => invalidValue(path, name, detail));
}
