import { isIP } from "node:net";
import { duplicate, forbiddenField, invalidValue, notSupported } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { at, fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { labelCauses, subdomainCauses } from "../writes/object-names.ts";
import { portReferenceCauses, protocolCauses } from "./port-causes.ts";

const AFFINITIES = ["ClientIP", "None"];
const DAY_S = 86_400;

/** What is wrong with a service, its addresses and the numbers of its ports aside. */
export function serviceFieldCauses(object: ApiObject): readonly Cause[] {
  const spec = fieldsOf(object["spec"]);
  return [
    ...labelCauses(fieldsOf(spec["selector"]) as Record<string, string>, "spec.selector"),
    ...affinityCauses(spec),
    ...portListCauses(spec),
    ...typeCauses(spec),
    ...outsideCauses(spec),
  ];
}

function affinityCauses(spec: Fields): Cause[] {
  const affinity = spec["sessionAffinity"];
  if (!AFFINITIES.includes(String(affinity))) {
    return [notSupported("spec.sessionAffinity", affinity, AFFINITIES)];
  }
  const seconds = numberOf(at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds"));
  if (seconds === undefined || (seconds > 0 && seconds <= DAY_S)) return [];
  const field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
  return [invalidValue(field, seconds, `must be greater than 0 and less than ${DAY_S}`)];
}

function portListCauses(spec: Fields): Cause[] {
  const names = new Set<string>();
  const numbers = new Set<string>();
  return listOf(spec["ports"]).flatMap((item, index) => {
    const port = fieldsOf(item);
    const where = `spec.ports[${index}]`;
    const name = textOf(port["name"]) ?? "";
    const number = `${String(port["protocol"])}/${String(port["port"])}`;
    const causes = protocolCauses(port["protocol"], where);
    if (typeof port["targetPort"] === "string") {
      causes.push(...portReferenceCauses(port["targetPort"], `${where}.targetPort`));
    }
    if (name !== "" && names.has(name)) causes.push(duplicate(`${where}.name`, name));
    if (numbers.has(number)) causes.push(duplicate(where, port));
    names.add(name);
    numbers.add(number);
    if (spec["type"] === "ClusterIP" && (numberOf(port["nodePort"]) ?? 0) !== 0) {
      const detail = "may not be used when `type` is 'ClusterIP'";
      causes.push(forbiddenField(`${where}.nodePort`, detail));
    }
    return causes;
  });
}

function typeCauses(spec: Fields): Cause[] {
  const type = String(spec["type"]);
  const name = textOf(spec["externalName"]) ?? "";
  const causes: Cause[] = [];
  if (type === "ExternalName" && name !== "") {
    causes.push(...subdomainCauses(name, "spec.externalName"));
  }
  const isOpen = type === "NodePort" || type === "LoadBalancer";
  if (isOpen && spec["clusterIP"] === "None") {
    const detail = `may not be set to 'None' for ${type} services`;
    causes.push(invalidValue("spec.clusterIPs[0]", "None", detail));
  }
  return [...causes, ...policyCauses(spec["externalTrafficPolicy"], isOpen)];
}

function policyCauses(policy: unknown, isOpen: boolean): Cause[] {
  if (policy === undefined || policy === "") return [];
  const isKnown = policy === "Local" || policy === "Cluster";
  if (isKnown && isOpen) return [];
  const detail = isKnown
    ? "ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service"
    : "ExternalTrafficPolicy must be empty, Cluster or Local";
  return [invalidValue("spec.externalTrafficPolicy", policy, detail)];
}

function outsideCauses(spec: Fields): Cause[] {
  const addresses = listOf(spec["externalIPs"]).flatMap((address, index) => {
    if (isIP(String(address)) !== 0) return [];
    const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    return [invalidValue(`spec.externalIPs[${index}]`, address, detail)];
  });
  const ranges = listOf(spec["loadBalancerSourceRanges"]).map(String);
  if (ranges.every((range) => isIP(range.split("/")[0] ?? "") !== 0 && range.includes("/"))) {
    return addresses;
  }
  const detail = "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ";
  const field = "spec.LoadBalancerSourceRanges";
  return [...addresses, invalidValue(field, `[${ranges.join(" ")}]`, detail)];
}
