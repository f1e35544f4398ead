import type { TreeNode } from "@drover/contract";
import {
  Backup,
  Label,
  MigMigration,
  PodVolumeBackup,
  PodVolumeRestore,
  Restore,
  VeleroLabel,
  correlationKey,
  parseMapping,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { selector } from "./tree-scope.ts";
import type { TreeEnd, TreeScope } from "./tree-scope.ts";

type Side = {
  readonly end: TreeEnd;
  readonly kind: ResourceKind<KubeObject>;
  readonly volumeKind: ResourceKind<KubeObject>;
  readonly ownerLabel: string;
  readonly stageLabel: string;
  readonly name: (mapping: { source: string; destination: string }) => string;
};

/** Volumes that a stage carries without copying: their claims belong under its backup and its restore. */
function movedClaims({ plan }: TreeScope, { end, name }: Side) {
  const namespaces = new Map(
    (plan.spec.namespaces ?? []).map(parseMapping).map((one) => [one.source, one]),
  );
  return (plan.spec.persistentVolumes ?? [])
    .filter(({ selection }) => selection.action === "move" || selection.copyMethod === "snapshot")
    .map(({ pvc }) => {
      const source = pvc?.namespace ?? "";
      const namespace = name(namespaces.get(source) ?? { source, destination: source });
      return end.claims.byName(namespace, name(parseMapping(pvc?.name ?? "")));
    });
}

async function branch(scope: TreeScope, side: Side): Promise<readonly TreeNode[]> {
  const { namespace, migration, make } = scope;
  const { cluster, claims } = side.end;
  const labelSelector = selector({ [correlationKey(MigMigration)]: migration.metadata.uid });
  const parents = await cluster.list(side.kind, { namespace, labelSelector });
  if (parents.length === 0) return [];
  const uids = parents.map(({ metadata }) => metadata.uid).join(",");
  const volumes = await cluster.list(side.volumeKind, {
    namespace,
    labelSelector: `${side.ownerLabel} in (${uids})`,
  });
  return parents.flatMap((parent) =>
    make(side.kind, parent, {
      at: cluster,
      children: () => [
        ...volumes
          .filter(({ metadata }) => metadata.labels?.[side.ownerLabel] === parent.metadata.uid)
          .flatMap((volume) =>
            make(side.volumeKind, volume, {
              at: cluster,
              children: () =>
                claims.nodes(
                  make,
                  claims.byUid(volume.metadata.labels?.[VeleroLabel.pvcUid] ?? ""),
                ),
            }),
          ),
        ...(parent.metadata.labels?.[side.stageLabel] === undefined
          ? []
          : movedClaims(scope, side).flatMap((claim) => claims.nodes(make, claim))),
      ],
    }),
  );
}

export function readBackups(scope: TreeScope): Promise<readonly TreeNode[]> {
  return branch(scope, {
    end: scope.source,
    kind: Backup,
    volumeKind: PodVolumeBackup,
    ownerLabel: VeleroLabel.backupUid,
    stageLabel: Label.stageBackup,
    name: ({ source }) => source,
  });
}

export function readRestores(scope: TreeScope): Promise<readonly TreeNode[]> {
  return branch(scope, {
    end: scope.target,
    kind: Restore,
    volumeKind: PodVolumeRestore,
    ownerLabel: VeleroLabel.restoreUid,
    stageLabel: Label.stageRestore,
    name: ({ destination }) => destination,
  });
}
