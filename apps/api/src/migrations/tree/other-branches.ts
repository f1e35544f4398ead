import type { TreeNode } from "@drover/contract";
import {
  DirectImageMigration,
  DirectImageStreamMigration,
  DirectVolumeMigration,
  Job,
  Label,
  MigHook,
  MigMigration,
  Pod,
  correlationKey,
  isRefSet,
} from "@drover/crds";
import { distinctEnds, selector } from "./tree-scope.ts";
import type { TreeScope } from "./tree-scope.ts";

export async function readImageMigrations(scope: TreeScope): Promise<readonly TreeNode[]> {
  const { host, namespace, migration, make } = scope;
  const [parents, streams] = await Promise.all([
    host.list(DirectImageMigration, {
      namespace,
      labelSelector: selector({ [correlationKey(MigMigration)]: migration.metadata.uid }),
    }),
    host.list(DirectImageStreamMigration, { namespace }),
  ]);
  return parents.flatMap((parent) =>
    make(DirectImageMigration, parent, {
      at: host,
      children: () =>
        streams
          .filter(
            ({ metadata }) =>
              metadata.labels?.[correlationKey(DirectImageMigration)] === parent.metadata.uid,
          )
          .flatMap((stream) => make(DirectImageStreamMigration, stream, { at: host })),
    }),
  );
}

/** Stage pods and others made for the migration itself; a volume migration's are shown there. */
export async function readStagePods(scope: TreeScope): Promise<readonly TreeNode[]> {
  const { migration, make } = scope;
  const labelSelector = [
    selector({ [correlationKey(MigMigration)]: migration.metadata.uid }),
    `!${correlationKey(DirectVolumeMigration)}`,
  ].join(",");
  const lists = await Promise.all(
    distinctEnds(scope).map(async ({ cluster }) => {
      const pods = await cluster.list(Pod, { labelSelector });
      return pods.flatMap((pod) => make(Pod, pod, { at: cluster }));
    }),
  );
  return lists.flat();
}

async function hookNode(scope: TreeScope, hook: MigHook): Promise<readonly TreeNode[]> {
  const { host, migration, make } = scope;
  const { cluster } = hook.spec.targetCluster === "source" ? scope.source : scope.target;
  const jobs = await cluster.list(Job, {
    labelSelector: selector({
      [correlationKey(MigHook)]: hook.metadata.uid,
      [Label.owner]: migration.metadata.uid,
    }),
  });
  const withPods = await Promise.all(
    jobs.map(async (job) => ({
      job,
      pods: await cluster.list(Pod, {
        namespace: job.metadata.namespace ?? "",
        labelSelector: selector({ "job-name": job.metadata.name }),
      }),
    })),
  );
  return make(MigHook, hook, {
    at: host,
    children: () =>
      withPods.flatMap(({ job, pods }) =>
        make(Job, job, {
          at: cluster,
          children: () => pods.flatMap((pod) => make(Pod, pod, { at: cluster })),
        }),
      ),
  });
}

/** The plan's hooks, each once however many phases it serves; a stage runs none. */
export async function readHooks(scope: TreeScope): Promise<readonly TreeNode[]> {
  if (scope.migration.spec.stage === true) return [];
  const refs = (scope.plan.spec.hooks ?? []).map(({ reference }) => reference).filter(isRefSet);
  const distinct = new Map(refs.map((ref) => [`${ref.namespace}/${ref.name}`, ref]));
  const hooks = await Promise.all(
    [...distinct.values()].map((ref) => scope.host.find(MigHook, ref)),
  );
  const nodes = await Promise.all(
    hooks.filter((hook) => hook !== undefined).map((hook) => hookNode(scope, hook)),
  );
  return nodes.flat();
}
