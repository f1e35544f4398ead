import type { Fields } from "../json.ts";

export const ALL_VERBS = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
] as const;

/** What a custom resource definition adds to a resource. */
export type CustomVersion = {
  /** The structural schema; undefined for a definition that keeps everything. */
  readonly schema: Fields | undefined;
  readonly printerColumns: readonly Fields[];
  readonly scale: Fields | undefined;
  readonly selectableFields: readonly string[];
};

/** One resource in one version, as discovery names it. */
export type ResourceInfo = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
  /** Under which name the store keeps its objects; two versions of one resource share it. */
  readonly storage: string;
  /** The apiVersion objects are stored in. */
  readonly storageVersion: string;
  /** Present for custom resources only. */
  readonly custom?: CustomVersion;
};

export function apiVersionOf(info: { readonly group: string; readonly version: string }): string {
  return info.group === "" ? info.version : `${info.group}/${info.version}`;
}

/** Splits `apps/v1` or `v1`. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  if (slash < 0) return { group: "", version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function storageNameOf(group: string, plural: string): string {
  return group === "" ? plural : `${plural}.${group}`;
}

export function hasStatus(info: ResourceInfo): boolean {
  return info.subresources.includes("status");
}
