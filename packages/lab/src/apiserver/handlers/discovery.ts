import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import type { Fields } from "../json.ts";
import { apiVersionOf, parseApiVersion } from "../resources/resource-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { GroupVersions, ResourceRegistry } from "../resources/resource-registry.ts";
import type { ServerContext } from "../server-context.ts";

/** Answers /api, /apis, /apis/GROUP and /apis/GROUP/VERSION; undefined for other paths. */
export function discoveryAnswer(server: ServerContext, path: string): Answer | undefined {
  const [root, ...below] = path.split("/").filter((part) => part !== "");
  if (below.length === 0) return legacyRoot(server, root);
  const [first = ""] = below;
  if (root === "api") return below.length === 1 ? versionAnswer(server.registry, first) : undefined;
  if (root !== "apis" || below.length > 2) return undefined;
  return below.length === 1
    ? groupAnswer(server.registry, first)
    : versionAnswer(server.registry, below.join("/"));
}

function legacyRoot(server: ServerContext, root: string | undefined): Answer | undefined {
  if (root === "api") {
    return jsonAnswer({
      kind: "APIVersions",
      versions: ["v1"],
      serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: server.address() }],
    });
  }
  if (root !== "apis") return undefined;
  const groups = server.registry.groups().map(groupFields);
  return jsonAnswer({ kind: "APIGroupList", apiVersion: "v1", groups });
}

function groupFields(group: GroupVersions): Fields {
  const versions = group.versions.map((version) => ({
    groupVersion: `${group.group}/${version}`,
    version,
  }));
  return { name: group.group, versions, preferredVersion: versions[0] };
}

function groupAnswer(registry: ResourceRegistry, name: string): Answer | undefined {
  const group = registry.groups().find((known) => known.group === name);
  if (group === undefined) return undefined;
  return jsonAnswer({ kind: "APIGroup", apiVersion: "v1", ...groupFields(group) });
}

function versionAnswer(registry: ResourceRegistry, apiVersion: string): Answer | undefined {
  const infos = registry.inVersion(apiVersion);
  if (infos.length === 0) return undefined;
  return jsonAnswer({
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersion,
    resources: infos.flatMap(resourceRows),
  });
}

function resourceRows(info: ResourceInfo): Fields[] {
  const main: Fields = {
    name: info.plural,
    singularName: info.singular,
    namespaced: info.namespaced,
    kind: info.kind,
    verbs: info.verbs,
    ...(info.shortNames.length === 0 ? {} : { shortNames: info.shortNames }),
    ...(info.categories.length === 0 ? {} : { categories: info.categories }),
    ...(info.verbs.includes("list") ? { storageVersionHash: storageHash(info) } : {}),
  };
  return [main, ...info.subresources.map((name) => subresourceRow(info, name))];
}

function storageHash(info: ResourceInfo): string {
  return Buffer.from(`${info.storage}/${info.storageVersion}`).toString("base64").slice(0, 12);
}

type SubresourceKind = {
  readonly kind: string;
  readonly apiVersion: string;
  readonly verbs: readonly string[];
};

const READ_WRITE = ["get", "patch", "update"];
const SUBRESOURCE_KINDS: Readonly<Record<string, SubresourceKind>> = {
  scale: { kind: "Scale", apiVersion: "autoscaling/v1", verbs: READ_WRITE },
  binding: { kind: "Binding", apiVersion: "v1", verbs: ["create"] },
  eviction: { kind: "Eviction", apiVersion: "policy/v1", verbs: ["create"] },
  token: { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", verbs: ["create"] },
};
const VERBS: Readonly<Record<string, readonly string[]>> = {
  log: ["get"],
  finalize: ["update"],
  proxy: ["create", "delete", "get", "patch", "update"],
};

/** What a subresource takes and gives, and what can be done with it. */
export function subresourceKind(info: ResourceInfo, name: string): SubresourceKind {
  const own = { kind: info.kind, apiVersion: apiVersionOf(info), verbs: VERBS[name] ?? READ_WRITE };
  return SUBRESOURCE_KINDS[name] ?? own;
}

function subresourceRow(info: ResourceInfo, name: string): Fields {
  const { kind, apiVersion, verbs } = subresourceKind(info, name);
  const row = { name: `${info.plural}/${name}`, singularName: "", namespaced: info.namespaced };
  if (apiVersion === apiVersionOf(info)) return { ...row, kind, verbs };
  const { group, version } = parseApiVersion(apiVersion);
  return { ...row, ...(group === "" ? {} : { group }), version, kind, verbs };
}
