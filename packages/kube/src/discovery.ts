import type { DiscoveredResource } from "./cluster.ts";
import { isRecord } from "./failure.ts";
import { KubeError } from "./kube-error.ts";

type ReadPath = (path: string) => Promise<unknown>;
type GroupVersion = { group: string; version: string; path: string; preferred: boolean };

/**
 * Every resource the server offers, subresources left out. A group whose own server is down (an aggregated API)
 * is left out too: one broken add-on must not blind us to the rest.
 */
export async function readDiscovery(read: ReadPath): Promise<DiscoveredResource[]> {
  const [core, groups] = await Promise.all([read("/api"), read("/apis")]);
  const versions = [...coreVersions(core), ...groupVersions(groups)];
  const found = await Promise.all(versions.map((version) => readGroupVersion(read, version)));
  return found.flat();
}

async function readGroupVersion(
  read: ReadPath,
  version: GroupVersion,
): Promise<DiscoveredResource[]> {
  const answer = await read(version.path).catch((error: unknown) => {
    const isServerDown = error instanceof KubeError && (error.code >= 500 || error.isNotFound);
    if (isServerDown && version.group !== "") return undefined;
    throw error;
  });
  return records(answer, "resources").flatMap((resource) => resourceFrom(version, resource));
}

function coreVersions(answer: unknown): GroupVersion[] {
  const versions = isRecord(answer) && Array.isArray(answer["versions"]) ? answer["versions"] : [];
  return versions.map((version, index) => ({
    group: "",
    version: String(version),
    path: `/api/${String(version)}`,
    preferred: index === 0,
  }));
}

function groupVersions(answer: unknown): GroupVersion[] {
  return records(answer, "groups").flatMap((group) => {
    const preferred = isRecord(group["preferredVersion"])
      ? group["preferredVersion"]["version"]
      : undefined;
    return records(group, "versions").map((entry) => {
      const version = String(entry["version"]);
      const name = String(group["name"]);
      return {
        group: name,
        version,
        path: `/apis/${name}/${version}`,
        preferred: version === preferred,
      };
    });
  });
}

function resourceFrom(at: GroupVersion, resource: Record<string, unknown>): DiscoveredResource[] {
  const plural = String(resource["name"]);
  if (plural.includes("/")) return [];
  const verbs = Array.isArray(resource["verbs"]) ? resource["verbs"].map(String) : [];
  const { group, version, preferred } = at;
  const namespaced = resource["namespaced"] === true;
  return [{ group, version, kind: String(resource["kind"]), plural, namespaced, verbs, preferred }];
}

function records(value: unknown, field: string): Record<string, unknown>[] {
  const list = isRecord(value) ? value[field] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
