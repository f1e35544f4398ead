import type { LiveResource, ResourceList } from "@drover/contract";
import type {
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  MigCluster,
  MigMigration,
  MigPlan,
  MigStorage,
} from "@drover/crds";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import { readWithChanges } from "./live-cache.ts";

type Objects = {
  migclusters: MigCluster;
  migstorages: MigStorage;
  migplans: MigPlan;
  migmigrations: MigMigration;
  directvolumemigrations: DirectVolumeMigration;
  directvolumemigrationprogresses: DirectVolumeMigrationProgress;
};

/** The resources the console shows, and so keeps live. */
export type ShownResource = keyof Objects & LiveResource;
export const shownResources: readonly ShownResource[] = [
  "migclusters",
  "migstorages",
  "migplans",
  "migmigrations",
  "directvolumemigrations",
  "directvolumemigrationprogresses",
];

/** Every object of a resource. The live stream keeps the answer current, so it never goes stale by itself. */
export function resourceQuery<R extends ShownResource>(resource: R) {
  return queryOptions({
    queryKey: [resource],
    queryFn: () =>
      readWithChanges(resource, async () => {
        const { items, position } = await api.get<ResourceList>(`/resources/${resource}`);
        return { items: items as unknown as Objects[R][], position };
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
