import type { ApiObject } from "../json.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { StoredEntry } from "../store/stored-entry.ts";
import { eventFromCore, eventToCore } from "../kinds/event-conversion.ts";

/** The object in the version the request speaks. */
export function inRequestedVersion(object: ApiObject, resource: ResourceInfo): ApiObject {
  const apiVersion = apiVersionOf(resource);
  if (object.apiVersion === apiVersion) return object;
  if (apiVersion === "events.k8s.io/v1") return eventFromCore(object);
  return { ...object, apiVersion };
}

/** The serialised object in the version the request speaks; the stored text when that is the same. */
export function requestedJson(entry: StoredEntry, resource: ResourceInfo): string {
  if (entry.object.apiVersion === apiVersionOf(resource)) return entry.json;
  return JSON.stringify(inRequestedVersion(entry.object, resource));
}

/** The serialised object as an item of a list: Kubernetes leaves out what kind items of builtin kinds are. */
export function itemJson(entry: StoredEntry, resource: ResourceInfo): string {
  const json = requestedJson(entry, resource);
  if (resource.custom !== undefined) return json;
  const apiVersion = JSON.stringify(apiVersionOf(resource));
  const head = `{"apiVersion":${apiVersion},"kind":${JSON.stringify(resource.kind)},`;
  if (json.startsWith(head)) return `{${json.slice(head.length)}`;
  const { apiVersion: _version, kind: _kind, ...item } = JSON.parse(json) as ApiObject;
  return JSON.stringify(item);
}

/** The object in the version it is stored in. */
export function inStorageVersion(object: ApiObject, resource: ResourceInfo): ApiObject {
  if (object.apiVersion === resource.storageVersion) return object;
  if (object.apiVersion === "events.k8s.io/v1") return eventToCore(object);
  return { ...object, apiVersion: resource.storageVersion };
}
