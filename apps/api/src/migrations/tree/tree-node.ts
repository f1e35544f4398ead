import type { NodeStatus, TreeNode } from "@drover/contract";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { apiVersionOf } from "@drover/crds";
import type { ClusterReader } from "./cluster-reader.ts";
import { objectNodeStatus } from "./node-status.ts";

type Place = Pick<ClusterReader, "name" | "role">;

/** Makes nodes, each object once: the first place in the tree keeps it, so that ids stay unique. */
export type NodeMaker = <T extends KubeObject>(
  kind: ResourceKind<T>,
  object: T,
  node: {
    readonly at: Place;
    readonly status?: NodeStatus;
    readonly children?: () => readonly TreeNode[];
  },
) => readonly TreeNode[];

export function nodeMaker(): NodeMaker {
  const seen = new Set<string>();
  return (kind, object, { at, status, children }) => {
    const { name = "", namespace, uid = "", creationTimestamp } = object.metadata;
    const id = [at.name, kind.kind, namespace ?? "", name].join("/");
    if (seen.has(id)) return [];
    seen.add(id);
    return [
      {
        id,
        kind: kind.kind,
        apiVersion: apiVersionOf(kind),
        plural: kind.plural,
        ...(namespace === undefined ? {} : { namespace }),
        name,
        uid,
        cluster: at.name,
        role: at.role,
        createdAt: creationTimestamp ?? "",
        status: status ?? objectNodeStatus(object),
        children: [...(children?.() ?? [])],
      },
    ];
  };
}
