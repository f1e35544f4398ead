import { BUILTIN_RESOURCES } from "./builtin-resources.ts";
import { apiVersionOf } from "./resource-info.ts";
import type { ResourceInfo } from "./resource-info.ts";

export type GroupVersions = { readonly group: string; readonly versions: readonly string[] };

/** Which resources the server serves now: the builtin ones and those of established definitions. */
export class ResourceRegistry {
  #custom = new Map<string, readonly ResourceInfo[]>();
  #byPath = new Map<string, ResourceInfo>();
  #byKind = new Map<string, ResourceInfo>();
  #all: readonly ResourceInfo[] = [];
  /** Grows with every change, for caches of what is derived from the registry. */
  generation = 0;

  constructor() {
    this.#index();
  }

  /** Serves the versions of one definition, replacing what it served before. */
  setCustom(definition: string, versions: readonly ResourceInfo[]): void {
    this.#custom.set(definition, versions);
    this.#index();
  }

  removeCustom(definition: string): void {
    if (this.#custom.delete(definition)) this.#index();
  }

  all(): readonly ResourceInfo[] {
    return this.#all;
  }

  find(apiVersion: string, plural: string): ResourceInfo | undefined {
    return this.#byPath.get(`${apiVersion}/${plural}`);
  }

  findKind(apiVersion: string, kind: string): ResourceInfo | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** The resource in the version it is stored in. */
  stored(info: ResourceInfo): ResourceInfo {
    return (
      this.#all.find(
        (other) => other.storage === info.storage && apiVersionOf(other) === info.storageVersion,
      ) ?? info
    );
  }

  inVersion(apiVersion: string): readonly ResourceInfo[] {
    return this.#all.filter((info) => apiVersionOf(info) === apiVersion);
  }

  /** Named groups in alphabetical order, each with its versions, preferred first. */
  groups(): readonly GroupVersions[] {
    const groups = new Map<string, Set<string>>();
    for (const info of this.#all) {
      if (info.group === "") continue;
      const versions = groups.get(info.group) ?? new Set();
      versions.add(info.version);
      groups.set(info.group, versions);
    }
    return [...groups]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([group, versions]) => ({ group, versions: [...versions].sort(compareVersions) }));
  }

  #index(): void {
    this.generation += 1;
    this.#all = [...BUILTIN_RESOURCES, ...[...this.#custom.values()].flat()];
    this.#byPath = new Map(this.#all.map((info) => [`${apiVersionOf(info)}/${info.plural}`, info]));
    this.#byKind = new Map(this.#all.map((info) => [`${apiVersionOf(info)}/${info.kind}`, info]));
  }
}

const STABILITY: Readonly<Record<string, number>> = { alpha: 1, beta: 2 };

/** Kubernetes' version priority: GA before beta before alpha, higher numbers first, odd names last. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [versionRank(left), versionRank(right)];
  for (let index = 0; index < a.length; index += 1) {
    const difference = (b[index] ?? 0) - (a[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left < right ? -1 : 1;
}

function versionRank(version: string): readonly number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return [0, 0, 0];
  const stability = match[2] === undefined ? 3 : (STABILITY[match[2]] ?? 0);
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}
