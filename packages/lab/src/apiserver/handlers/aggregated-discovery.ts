import type { Answer } from "../http/answer.ts";
import type { Fields } from "../json.ts";
import { apiVersionOf, parseApiVersion } from "../resources/resource-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { ResourceRegistry } from "../resources/resource-registry.ts";
import { subresourceKind } from "./discovery.ts";

const LIST = "APIGroupDiscoveryList";

/** All groups below /api or /apis in one answer, where the client would rather have that; undefined where not. */
export function aggregatedAnswer(
  registry: ResourceRegistry,
  path: string,
  accept: string,
): Answer | undefined {
  const version = wantedVersion(accept);
  if (version === undefined) return undefined;
  const items =
    path === "/api"
      ? [groupItem(registry, "", ["v1"])]
      : registry.groups().map(({ group, versions }) => groupItem(registry, group, versions));
  const body = { kind: LIST, apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
  return {
    kind: "binary",
    code: 200,
    type: `application/json;g=apidiscovery.k8s.io;v=${version};as=${LIST}`,
    bytes: Buffer.from(JSON.stringify(body)),
  };
}

/** The first form that the client names and this server has. */
function wantedVersion(accept: string): string | undefined {
  for (const part of accept.split(",")) {
    const [type, ...parameters] = part.split(";").map((word) => word.trim());
    if (type !== "application/json") continue;
    if (!parameters.includes(`as=${LIST}`)) return undefined;
    const version = parameters.find((parameter) => parameter.startsWith("v="))?.slice(2);
    if (version === "v2" || version === "v2beta1") return version;
  }
  return undefined;
}

function groupItem(registry: ResourceRegistry, group: string, versions: readonly string[]): Fields {
  return {
    metadata: { name: group, creationTimestamp: null },
    versions: versions.map((version) => ({
      version,
      resources: registry
        .inVersion(apiVersionOf({ group, version }))
        .map((info) => resourceItem(info)),
      freshness: "Current",
    })),
  };
}

function resourceItem(info: ResourceInfo): Fields {
  const { group, version, kind } = info;
  return {
    resource: info.plural,
    responseKind: { group, version, kind },
    scope: info.namespaced ? "Namespaced" : "Cluster",
    singularResource: info.singular,
    verbs: info.verbs,
    ...(info.shortNames.length === 0 ? {} : { shortNames: info.shortNames }),
    ...(info.categories.length === 0 ? {} : { categories: info.categories }),
    ...(info.subresources.length === 0
      ? {}
      : { subresources: info.subresources.map((name) => subresourceItem(info, name)) }),
  };
}

function subresourceItem(info: ResourceInfo, name: string): Fields {
  const { kind, apiVersion, verbs } = subresourceKind(info, name);
  return { subresource: name, responseKind: { ...parseApiVersion(apiVersion), kind }, verbs };
}
