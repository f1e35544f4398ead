import { createHash } from "node:crypto";
import type { TreeNode } from "@drover/contract";
import {
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  Label,
  MigMigration,
  Pod,
  Route,
  correlationKey,
} from "@drover/crds";
import type { KubeObject, ResourceKind, VolumeToMigrate } from "@drover/crds";
import { distinctEnds, selector } from "./tree-scope.ts";
import type { TreeEnd, TreeScope } from "./tree-scope.ts";

type EndObjects = {
  readonly end: TreeEnd;
  readonly pods: readonly Pod[];
  readonly routes: readonly KubeObject[];
};

/** Labels carry the hash of a claim's name, which fits them whatever its length. */
function hashOfName(name: string): string {
  return createHash("md5").update(name).digest("hex");
}

/** The claim a progress report is about. Its selector holds the hash of the claim's name; older ones the name. */
function claimOf(
  volumeMigration: DirectVolumeMigration,
  progress: DirectVolumeMigrationProgress,
): VolumeToMigrate | undefined {
  const { podSelector, podNamespace } = progress.spec;
  const wanted = podSelector?.[Label.createdForPvc];
  return volumeMigration.spec.persistentVolumeClaims?.find(
    ({ name = "", namespace }) =>
      (podNamespace === undefined || namespace === podNamespace) &&
      (hashOfName(name) === wanted || name === wanted),
  );
}

function claimNodes({ source, target, make }: TreeScope, claim: VolumeToMigrate | undefined) {
  if (claim === undefined) return [];
  const { namespace = "", name = "" } = claim;
  const onSource = source.claims.byName(namespace, name);
  const onTarget = target.claims.byName(
    claim.targetNamespace ?? namespace,
    claim.targetName ?? name,
  );
  return [...source.claims.nodes(make, onSource), ...target.claims.nodes(make, onTarget)];
}

function podsOf(
  { make }: TreeScope,
  objects: readonly EndObjects[],
  matches: (pod: Pod) => boolean,
): readonly TreeNode[] {
  return objects.flatMap(({ end, pods }) =>
    pods.filter(matches).flatMap((pod) => make(Pod, pod, { at: end.cluster })),
  );
}

function progressNode(
  scope: TreeScope,
  parts: {
    readonly volumeMigration: DirectVolumeMigration;
    readonly progress: DirectVolumeMigrationProgress;
    readonly objects: readonly EndObjects[];
  },
): readonly TreeNode[] {
  const { volumeMigration, progress, objects } = parts;
  const wanted = progress.spec.podSelector?.[Label.createdForPvc];
  const claim = claimOf(volumeMigration, progress);
  const namespaces = new Set([progress.spec.podNamespace, claim?.targetNamespace]);
  return scope.make(DirectVolumeMigrationProgress, progress, {
    at: scope.host,
    children: () => [
      ...claimNodes(scope, claim),
      ...podsOf(
        scope,
        objects,
        ({ metadata }) =>
          wanted !== undefined &&
          metadata.labels?.[Label.createdForPvc] === wanted &&
          namespaces.has(metadata.namespace),
      ),
    ],
  });
}

async function readEndObjects(scope: TreeScope, uid: string): Promise<readonly EndObjects[]> {
  const labelSelector = selector({ [correlationKey(DirectVolumeMigration)]: uid });
  const routeKind: ResourceKind<KubeObject> = Route;
  return Promise.all(
    distinctEnds(scope).map(async (end) => ({
      end,
      pods: await end.cluster.list(Pod, { labelSelector }),
      routes: await end.cluster.list(routeKind, { labelSelector }),
    })),
  );
}

async function volumeMigrationNode(
  scope: TreeScope,
  volumeMigration: DirectVolumeMigration,
): Promise<readonly TreeNode[]> {
  const { host, namespace, make } = scope;
  const uid = volumeMigration.metadata.uid ?? "";
  const [objects, reports] = await Promise.all([
    readEndObjects(scope, uid),
    host.list(DirectVolumeMigrationProgress, {
      namespace,
      labelSelector: selector({ [correlationKey(DirectVolumeMigration)]: uid }),
    }),
  ]);
  return make(DirectVolumeMigration, volumeMigration, {
    at: host,
    children: () => [
      ...reports.flatMap((progress) => progressNode(scope, { volumeMigration, progress, objects })),
      ...podsOf(scope, objects, () => true),
      ...objects.flatMap(({ end, routes }) =>
        routes.flatMap((route) =>
          make(Route as ResourceKind<KubeObject>, route, { at: end.cluster }),
        ),
      ),
    ],
  });
}

/** Volume migrations, with a node per copied claim, its pods on both sides and what connects them. */
export async function readVolumeMigrations(scope: TreeScope): Promise<readonly TreeNode[]> {
  const { host, namespace, migration } = scope;
  const found = await host.list(DirectVolumeMigration, {
    namespace,
    labelSelector: selector({ [correlationKey(MigMigration)]: migration.metadata.uid }),
  });
  const nodes = await Promise.all(found.map((one) => volumeMigrationNode(scope, one)));
  return nodes.flat();
}
