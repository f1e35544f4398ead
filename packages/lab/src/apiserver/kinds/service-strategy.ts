import { isIP } from "node:net";
import { invalidValue, notSupported, required } from "../field-causes.ts";
import { internalError } from "../http/status-error.ts";
import type { Cause } from "../http/status-error.ts";
import { childOf, fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { WriteScope } from "../writes/write-scope.ts";
import {
  freeClusterIp,
  freeNodePort,
  takenClusterIps,
  takenNodePorts,
} from "./address-allocation.ts";
import { serviceFieldCauses } from "./service-causes.ts";
import { setDefaults } from "./pod-defaults.ts";
import { isPort, PORT_DETAIL } from "./port-causes.ts";
import type { Strategy } from "./strategy.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

export const serviceStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, { type: "ClusterIP", sessionAffinity: "None" });
    for (const port of listOf(spec["ports"])) {
      if (!isFields(port)) continue;
      setDefaults(port, { protocol: "TCP", targetPort: port["port"] });
    }
    defaultTraffic(spec);
    setDefaults(object, { status: { loadBalancer: {} } });
  },
  prepareCreate(object, scope) {
    object["status"] = { loadBalancer: {} };
    allocate(object, scope);
  },
  prepareUpdate(object, stored, scope) {
    const spec = childOf(object, "spec");
    const before = fieldsOf(stored["spec"]);
    if (spec["type"] !== "ExternalName") {
      for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) {
        if (spec[field] === undefined && before[field] !== undefined) spec[field] = before[field];
      }
    }
    giveBack(spec, before);
    keepNodePorts(spec, before);
    allocate(object, scope);
  },
  validate: (object, stored, scope) => [
    ...serviceFieldCauses(object),
    ...portCauses(object, scope),
    ...addressCauses(object, stored),
    ...chosenAddressCauses(object, scope),
  ],
};

function defaultTraffic(spec: Fields): void {
  const type = spec["type"];
  if (type === "ExternalName") return;
  setDefaults(spec, { internalTrafficPolicy: "Cluster" });
  if (spec["sessionAffinity"] === "ClientIP") {
    setDefaults(spec, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } });
  }
  if (type !== "NodePort" && type !== "LoadBalancer") return;
  setDefaults(spec, { externalTrafficPolicy: "Cluster" });
  if (type === "LoadBalancer") setDefaults(spec, { allocateLoadBalancerNodePorts: true });
}

/** Hands out the cluster IP and node ports that are still missing. */
function allocate(object: ApiObject, scope: WriteScope): void {
  const spec = childOf(object, "spec");
  if (spec["type"] === "ExternalName") {
    for (const field of ["clusterIP", "clusterIPs"]) delete spec[field];
    return;
  }
  if ((textOf(spec["clusterIP"]) ?? "") === "") {
    const address = freeClusterIp(scope.server);
    if (address === undefined) throw internalError("failed to allocate a serviceIP: range is full");
    spec["clusterIP"] = address;
    delete spec["clusterIPs"];
  }
  setDefaults(spec, {
    clusterIPs: [spec["clusterIP"]],
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
  });
  allocateNodePorts(spec, scope);
}

function allocateNodePorts(spec: Fields, scope: WriteScope): void {
  const ports = listOf(spec["ports"]).filter(isFields);
  if (!isOpen(spec)) return;
  const given = new Set<number>();
  for (const port of ports) {
    const number = numberOf(port["nodePort"]) ?? 0;
    port["nodePort"] = number > 0 ? number : freeNodePort(scope.server, given);
    given.add(Number(port["nodePort"]));
  }
}

/** A service that opens no more gives back what it had for that, unless somebody asks for something else. */
function giveBack(spec: Fields, before: Fields): void {
  if (isOpen(spec) || !isOpen(before)) return;
  for (const field of ["externalTrafficPolicy", "allocateLoadBalancerNodePorts"]) {
    if (spec[field] === before[field]) delete spec[field];
  }
  const known = new Set(listOf(before["ports"]).map((port) => fieldsOf(port)["nodePort"]));
  for (const port of listOf(spec["ports"])) {
    if (isFields(port) && known.has(port["nodePort"])) delete port["nodePort"];
  }
}

function isOpen({ type }: Fields): boolean {
  return type === "NodePort" || type === "LoadBalancer";
}

/** An update that leaves out a node port keeps the one it had. */
function keepNodePorts(spec: Fields, before: Fields): void {
  if (!isOpen(spec)) return;
  const known = new Map(
    listOf(before["ports"])
      .map(fieldsOf)
      .map((port) => [`${String(port["protocol"])}/${String(port["port"])}`, port["nodePort"]]),
  );
  for (const port of listOf(spec["ports"])) {
    if (!isFields(port) || port["nodePort"] !== undefined) continue;
    const kept = known.get(`${String(port["protocol"] ?? "TCP")}/${String(port["port"])}`);
    if (kept !== undefined) port["nodePort"] = kept;
  }
}

function portCauses(object: ApiObject, scope: WriteScope): Cause[] {
  const spec = fieldsOf(object["spec"]);
  const causes: Cause[] = [];
  if (!TYPES.includes(String(spec["type"]))) {
    causes.push(notSupported("spec.type", spec["type"], TYPES));
  }
  const ports = listOf(spec["ports"]).map(fieldsOf);
  if (ports.length === 0 && spec["type"] !== "ExternalName" && spec["clusterIP"] !== "None") {
    causes.push(required("spec.ports"));
  }
  const taken = takenNodePorts(scope.server, object.metadata.uid);
  ports.forEach((port, index) => {
    const path = `spec.ports[${index}]`;
    if (!isPort(port["port"])) causes.push(invalidValue(`${path}.port`, port["port"], PORT_DETAIL));
    if (typeof port["targetPort"] === "number" && !isPort(port["targetPort"])) {
      causes.push(invalidValue(`${path}.targetPort`, port["targetPort"], PORT_DETAIL));
    }
    if (ports.length > 1 && (textOf(port["name"]) ?? "") === "") {
      causes.push(required(`${path}.name`));
    }
    causes.push(...nodePortCauses(port, path, { scope, taken }));
  });
  return causes;
}

function nodePortCauses(
  port: Fields,
  path: string,
  known: { readonly scope: WriteScope; readonly taken: ReadonlySet<number> },
): Cause[] {
  const number = numberOf(port["nodePort"]);
  if (number === undefined) return [];
  const { first, last } = known.scope.server.settings.nodePorts;
  if (number < first || number > last) {
    const detail = `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
    return [invalidValue(`${path}.nodePort`, number, detail)];
  }
  if (!known.taken.has(number)) return [];
  return [invalidValue(`${path}.nodePort`, number, "provided port is already allocated")];
}

function addressCauses(object: ApiObject, stored: ApiObject | undefined): Cause[] {
  const now = fieldsOf(object["spec"]);
  if (now["type"] === "ExternalName") {
    return (textOf(now["externalName"]) ?? "") === "" ? [required("spec.externalName")] : [];
  }
  const before = fieldsOf(stored?.["spec"]);
  if (before["clusterIP"] === undefined || before["type"] === "ExternalName") return [];
  if (before["clusterIP"] === now["clusterIP"]) return [];
  const value = listOf(now["clusterIPs"]);
  const detail = "may not change once set";
  return [invalidValue("spec.clusterIPs[0]", value[0] ?? now["clusterIP"], detail)];
}

/** An address somebody chose has to be one of ours, and free. */
function chosenAddressCauses(object: ApiObject, scope: WriteScope): Cause[] {
  const address = textOf(fieldsOf(object["spec"])["clusterIP"]) ?? "";
  if (address === "" || address === "None") return [];
  if (isIP(address) === 0) {
    const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    return [invalidValue("spec.clusterIPs[0]", address, detail)];
  }
  const why = whyNotOurs(address, object, scope);
  if (why === undefined) return [];
  const message = `Invalid value: []string{${JSON.stringify(address)}}: failed to allocate IP ${address}: ${why}`;
  return [{ reason: "FieldValueInvalid", message, field: "spec.clusterIPs" }];
}

function whyNotOurs(
  address: string,
  object: ApiObject,
  { server }: WriteScope,
): string | undefined {
  const network = server.settings.serviceNetwork;
  if (!address.startsWith(`${network}.`)) {
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${network}.0.0/16`;
  }
  const taken = takenClusterIps(server, object.metadata.uid);
  return taken.has(address) ? "provided IP is already allocated" : undefined;
}
