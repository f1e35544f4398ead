import { at, listOf, textOf } from "../apiserver/json.ts";
import type { Fields } from "../apiserver/json.ts";
import { podUsage } from "./pod-amounts.ts";
import type { Amounts } from "./resource-amounts.ts";

/** A resource as quotas name it: `pods` or `deployments.apps`. */
type Counted = string;

/** Resources that quotas knew before they could count everything. */
const BY_NAME = new Set(["configmaps", "secrets", "replicationcontrollers", "resourcequotas"]);

/** What one object counts for in a quota. */
export function usageOf(resource: Counted, object: Fields): Amounts {
  switch (resource) {
    case "pods":
      return podUsage(object);
    case "services":
      return serviceUsage(object);
    case "persistentvolumeclaims":
      return claimUsage(object);
    default:
      return {
        [`count/${resource}`]: "1",
        ...(BY_NAME.has(resource) ? { [resource]: "1" } : {}),
      };
  }
}

function serviceUsage(service: Fields): Amounts {
  const type = at(service, "spec", "type");
  const ports = String(listOf(at(service, "spec", "ports")).length);
  return {
    "count/services": "1",
    services: "1",
    "services.nodeports": type === "NodePort" || type === "LoadBalancer" ? ports : "0",
    "services.loadbalancers": type === "LoadBalancer" ? "1" : "0",
  };
}

function claimUsage(claim: Fields): Amounts {
  const size = String(at(claim, "spec", "resources", "requests", "storage") ?? "0");
  const own = { persistentvolumeclaims: "1", "requests.storage": size };
  const storageClass =
    textOf(at(claim, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class")) ??
    textOf(at(claim, "spec", "storageClassName")) ??
    "";
  const ofClass = `${storageClass}.storageclass.storage.k8s.io`;
  return {
    "count/persistentvolumeclaims": "1",
    ...own,
    ...(storageClass === ""
      ? {}
      : { [`${ofClass}/persistentvolumeclaims`]: "1", [`${ofClass}/requests.storage`]: size }),
  };
}

/** The resource whose objects use up what a quota limits by this name. */
export function countedBy(limited: string): Counted {
  const counted = /^count\/(.+)$/.exec(limited)?.[1];
  if (counted !== undefined) return counted;
  if (limited === "services" || limited.startsWith("services.")) return "services";
  if (BY_NAME.has(limited)) return limited;
  const isClaim = limited === "requests.storage" || /(^|\/)persistentvolumeclaims$/.test(limited);
  if (isClaim || limited.includes(".storageclass.storage.k8s.io/")) {
    return "persistentvolumeclaims";
  }
  return "pods";
}
