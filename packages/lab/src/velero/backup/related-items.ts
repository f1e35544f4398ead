import type { DiscoveredResource } from "@drover/kube";
import { groupResource, recordsAt, rawKind, textAt, type RawObject } from "../raw-object.ts";
import type { Collection } from "./collect-items.ts";

/** Another object that an object is of little use without. */
type Related = { readonly resource: string; readonly name: string; readonly namespace?: string };

function claimsOf(pod: RawObject): Related[] {
  const namespace = pod.metadata.namespace ?? "";
  return recordsAt(pod, "spec", "volumes").flatMap((volume) => {
    const name = textAt(volume, "persistentVolumeClaim", "claimName");
    return name === undefined ? [] : [{ resource: "persistentvolumeclaims", name, namespace }];
  });
}

function volumeOf(claim: RawObject): Related[] {
  const name = textAt(claim, "spec", "volumeName");
  const isBound = textAt(claim, "status", "phase") === "Bound";
  return name === undefined || !isBound ? [] : [{ resource: "persistentvolumes", name }];
}

function isAccount(subject: Record<string, unknown>, account: RawObject): boolean {
  const { kind, name, namespace } = subject;
  const wanted = account.metadata;
  return kind === "ServiceAccount" && name === wanted.name && namespace === wanted.namespace;
}

/** Finds what belongs to an object although the spec may not name it: claims of pods, volumes of claims, cluster roles of accounts, definitions of custom resources. */
export class RelatedItems {
  readonly #collection: Collection;
  readonly #byName: ReadonlyMap<string, DiscoveredResource>;
  #bindings: readonly RawObject[] | undefined;

  constructor(collection: Collection, resources: readonly DiscoveredResource[]) {
    this.#collection = collection;
    this.#byName = new Map(resources.map((resource) => [groupResource(resource), resource]));
  }

  /** Adds what is missing of an object's relations to the backup. */
  async addFor(resource: DiscoveredResource, object: RawObject): Promise<void> {
    for (const related of await this.#relatedTo(resource, object)) await this.#add(related);
  }

  async #relatedTo(resource: DiscoveredResource, object: RawObject): Promise<Related[]> {
    switch (groupResource(resource)) {
      case "pods":
        return claimsOf(object);
      case "persistentvolumeclaims":
        return volumeOf(object);
      case "serviceaccounts":
        return this.#rolesOf(object);
      default:
        return this.#definitionOf(resource);
    }
  }

  async #rolesOf(account: RawObject): Promise<Related[]> {
    const bindings = await this.#clusterRoleBindings();
    return bindings
      .filter((binding) => recordsAt(binding, "subjects").some((one) => isAccount(one, account)))
      .flatMap((binding) => [
        {
          resource: "clusterrolebindings.rbac.authorization.k8s.io",
          name: binding.metadata.name ?? "",
        },
        {
          resource: "clusterroles.rbac.authorization.k8s.io",
          name: textAt(binding, "roleRef", "name") ?? "",
        },
      ]);
  }

  async #clusterRoleBindings(): Promise<readonly RawObject[]> {
    const resource = this.#byName.get("clusterrolebindings.rbac.authorization.k8s.io");
    if (resource === undefined) return [];
    this.#bindings ??= await this.#collection.cluster.list(rawKind(resource));
    return this.#bindings;
  }

  /** Builtin groups have no dot, or end with Kubernetes' own domain. */
  #definitionOf({ group, plural }: DiscoveredResource): Related[] {
    const isBuiltin = !group.includes(".") || group.endsWith(".k8s.io");
    if (isBuiltin) return [];
    const resource = "customresourcedefinitions.apiextensions.k8s.io";
    return [{ resource, name: `${plural}.${group}` }];
  }

  async #add({ resource: name, ...ref }: Related): Promise<void> {
    const { cluster, scope, items, log } = this.#collection;
    const resource = this.#byName.get(name);
    if (resource === undefined || !scope.resources.includes(resource)) return;
    if (!resource.namespaced && scope.spec.includeClusterResources === false) return;
    const object = await cluster.find(rawKind(resource), ref);
    if (object === undefined) {
      log.info(`${name} ${ref.name} does not exist, so it is not backed up.`);
      return;
    }
    await items.add(resource, object);
  }
}
