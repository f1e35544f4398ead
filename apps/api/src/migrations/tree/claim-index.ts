import type { TreeNode } from "@drover/contract";
import { PersistentVolume, PersistentVolumeClaim } from "@drover/crds";
import type { ClusterReader } from "./cluster-reader.ts";
import type { NodeMaker } from "./tree-node.ts";

/** The claims of some namespaces of a cluster, with their volumes. */
export type ClaimIndex = {
  readonly byName: (namespace: string, name: string) => PersistentVolumeClaim | undefined;
  readonly byUid: (uid: string) => PersistentVolumeClaim | undefined;
  readonly nodes: (
    make: NodeMaker,
    claim: PersistentVolumeClaim | undefined,
  ) => readonly TreeNode[];
};

/** Above this, one list of the cluster's volumes is cheaper than asking for each. */
const fewVolumes = 40;

async function readVolumes(
  cluster: ClusterReader,
  names: ReadonlySet<string>,
): Promise<readonly PersistentVolume[]> {
  if (names.size > fewVolumes)
    return (await cluster.list(PersistentVolume)).filter(({ metadata }) =>
      names.has(metadata.name ?? ""),
    );
  const found = await Promise.all(
    [...names].map((name) => cluster.find(PersistentVolume, { name })),
  );
  return found.filter((volume) => volume !== undefined);
}

/** Reads namespace by namespace: a plan's share of a cluster, not all of it. */
export async function readClaims(
  cluster: ClusterReader,
  namespaces: ReadonlySet<string>,
): Promise<ClaimIndex> {
  const lists = await Promise.all(
    [...namespaces].map((namespace) => cluster.list(PersistentVolumeClaim, { namespace })),
  );
  const claims = lists.flat();
  const byName = new Map(
    claims.map((claim) => [`${claim.metadata.namespace}/${claim.metadata.name}`, claim]),
  );
  const byUid = new Map(claims.map((claim) => [claim.metadata.uid, claim]));
  const names = claims.flatMap(({ spec }) =>
    spec.volumeName === undefined ? [] : [spec.volumeName],
  );
  const volumes = new Map(
    (await readVolumes(cluster, new Set(names))).map((volume) => [volume.metadata.name, volume]),
  );
  return {
    byName: (namespace, name) => byName.get(`${namespace}/${name}`),
    byUid: (uid) => byUid.get(uid),
    nodes: (make, claim) => {
      if (claim === undefined) return [];
      const volume = volumes.get(claim.spec.volumeName);
      return make(PersistentVolumeClaim, claim, {
        at: cluster,
        children: () =>
          volume === undefined ? [] : make(PersistentVolume, volume, { at: cluster }),
      });
    },
  };
}
