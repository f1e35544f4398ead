import { forbidden } from "../http/status-error.ts";
import { at, childOf, fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { compareQuantities, ratioOf } from "../schema/quantity.ts";
import { podAmounts } from "../../quota/pod-amounts.ts";
import type { Amounts } from "../../quota/resource-amounts.ts";
import type { WriteScope } from "../writes/write-scope.ts";

const NOTE = "kubernetes.io/limit-ranger";

/** Gives the containers of a new pod what the limit ranges of its namespace say of those that say nothing. */
export function applyLimitRanges(scope: WriteScope, pod: ApiObject): void {
  if (scope.resource.storage !== "pods") return;
  const limits = limitsIn(scope).filter((limit) => limit["type"] === "Container");
  const notes = limits.flatMap((limit) => [
    ...fillContainers(pod, limit, { list: "containers", what: "container" }),
    ...fillContainers(pod, limit, { list: "initContainers", what: "init container" }),
  ]);
  if (notes.length === 0) return;
  const annotations = (pod.metadata.annotations ??= {});
  annotations[NOTE] = `LimitRanger plugin set: ${notes.join("; ")}`;
}

function limitsIn({ server, namespace }: WriteScope): readonly Fields[] {
  return server.store
    .list("limitranges", namespace)
    .flatMap(({ object }) => listOf(at(object, "spec", "limits")).map(fieldsOf));
}

function fillContainers(
  pod: ApiObject,
  limit: Fields,
  { list, what }: { readonly list: string; readonly what: string },
): readonly string[] {
  return listOf(at(pod, "spec", list))
    .filter(isFields)
    .flatMap((container) => {
      const resources = childOf(container, "resources");
      const name = textOf(container["name"]) ?? "";
      return [
        fill(resources, "requests", fieldsOf(limit["defaultRequest"])),
        fill(resources, "limits", fieldsOf(limit["default"])),
      ].flatMap((filled, index) =>
        filled.length === 0
          ? []
          : [`${filled.join(", ")} ${index === 0 ? "request" : "limit"} for ${what} ${name}`],
      );
    });
}

function fill(resources: Fields, of: "requests" | "limits", defaults: Fields): readonly string[] {
  const known = fieldsOf(resources[of]);
  const missing = Object.keys(defaults)
    .filter((name) => known[name] === undefined)
    .sort();
  if (missing.length === 0) return [];
  resources[of] = { ...known };
  for (const name of missing) childOf(resources, of)[name] = defaults[name];
  return missing;
}

/** Refuses a pod or a claim that is outside of the limit ranges of its namespace. */
export function checkLimitRanges(scope: WriteScope, object: ApiObject): void {
  const things = measuredThings(scope.resource.storage, object);
  if (things.length === 0) return;
  const complaints = limitsIn(scope).flatMap((limit) =>
    things
      .filter(({ type }) => type === limit["type"])
      .flatMap((thing) => complaintsAbout(thing, limit)),
  );
  const [first] = complaints;
  if (first === undefined) return;
  const text = complaints.length === 1 ? first : `[${complaints.join(", ")}]`;
  throw forbidden(scope.resource, object.metadata.name, text);
}

type Measured = { readonly type: string; readonly requests: Amounts; readonly limits: Amounts };

function measuredThings(storage: string, object: ApiObject): readonly Measured[] {
  const spec = object["spec"];
  if (storage === "persistentvolumeclaims") {
    const requests = fieldsOf(at(spec, "resources", "requests")) as Amounts;
    return [{ type: "PersistentVolumeClaim", requests, limits: {} }];
  }
  if (storage !== "pods") return [];
  const containers = ["containers", "initContainers"]
    .flatMap((list) => listOf(at(spec, list)))
    .map((container) => ({
      type: "Container",
      requests: fieldsOf(at(container, "resources", "requests")) as Amounts,
      limits: fieldsOf(at(container, "resources", "limits")) as Amounts,
    }));
  const [requests, limits] = [podAmounts(spec, "requests"), podAmounts(spec, "limits")];
  return [...containers, { type: "Pod", requests, limits }];
}

function complaintsAbout(thing: Measured, limit: Fields): string[] {
  const each = (
    bound: string,
    complain: (thing: Measured, name: string, amount: string) => string | undefined,
  ): string[] =>
    Object.entries(fieldsOf(limit[bound])).flatMap(
      ([name, amount]) => complain(thing, name, String(amount)) ?? [],
    );
  return [...each("min", tooLittle), ...each("max", tooMuch), ...each(RATIO, tooFar)];
}

const RATIO = "maxLimitRequestRatio";

function tooLittle({ type, requests, limits }: Measured, name: string, least: string) {
  const what = `minimum ${name} usage per ${type} is ${least}`;
  const [request, limit] = [requests[name], limits[name]];
  if (request === undefined) return `${what}.  No request is specified`;
  if (isLess(request, least)) return `${what}, but request is ${request}`;
  if (limit !== undefined && isLess(limit, least)) return `${what}, but limit is ${limit}`;
  return undefined;
}

function tooMuch({ type, requests, limits }: Measured, name: string, most: string) {
  const what = `maximum ${name} usage per ${type} is ${most}`;
  const [request, limit] = [requests[name], limits[name]];
  // Nothing limits what a claim may use but what it asks for.
  if (type === "PersistentVolumeClaim") {
    return request !== undefined && isLess(most, request)
      ? `${what}, but request is ${request}`
      : undefined;
  }
  if (limit === undefined) return `${what}.  No limit is specified`;
  if (isLess(most, limit)) return `${what}, but limit is ${limit}`;
  if (request !== undefined && isLess(most, request)) return `${what}, but request is ${request}`;
  return undefined;
}

function tooFar({ type, requests, limits }: Measured, name: string, most: string) {
  const [request, limit] = [requests[name], limits[name]];
  const what = `${name} max limit to request ratio per ${type} is ${most}`;
  if (request === undefined) return `${what}, but no request is specified or request is 0`;
  if (limit === undefined) return `${what}, but no limit is specified or limit is 0`;
  const ratio = ratioOf(limit, request);
  return ratio > ratioOf(most, "1")
    ? `${what}, but provided ratio is ${ratio.toFixed(6)}`
    : undefined;
}

function isLess(left: string, right: string): boolean {
  return (compareQuantities(left, right) ?? 0) < 0;
}
