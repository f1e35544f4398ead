import type { LiveChange } from "@drover/contract";
import type { QueryClient } from "@tanstack/react-query";
import { shownResources } from "./resources.ts";

type Named = { metadata: { name?: string } };

/** A list with one change applied. New objects go to the end; lists are sorted where they are shown. */
export function listWithChange<T extends Named>(list: readonly T[], change: LiveChange): T[] {
  const name = change.type === "delete" ? change.name : change.object.metadata.name;
  const index = list.findIndex((object) => object.metadata.name === name);
  if (change.type === "delete") return index < 0 ? [...list] : list.toSpliced(index, 1);
  const object = change.object as unknown as T;
  return index < 0 ? [...list, object] : list.with(index, object);
}

/** Writes changes into the lists that were read; a list nobody has read yet needs none. */
export function applyChanges(queryClient: QueryClient, changes: readonly LiveChange[]): void {
  for (const [resource, ofResource] of Map.groupBy(changes, (change) => change.resource)) {
    queryClient.setQueryData<Named[]>([resource], (list) =>
      list === undefined ? undefined : ofResource.reduce<Named[]>(listWithChange, list),
    );
  }
}

/** Has every list read again, after changes may have been missed. */
export function rereadLists(queryClient: QueryClient): Promise<void[]> {
  return Promise.all(
    shownResources.map((resource) => queryClient.invalidateQueries({ queryKey: [resource] })),
  );
}
