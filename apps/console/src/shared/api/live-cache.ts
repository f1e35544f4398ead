import type { LiveChange } from "@drover/contract";
import type { QueryClient } from "@tanstack/react-query";

type Named = { metadata: { name?: string | undefined } };

/** A list with one change applied. New objects go to the end; lists are sorted where they are shown. */
export function listWithChange<T extends Named>(list: readonly T[], change: LiveChange): T[] {
  const name = change.type === "delete" ? change.name : change.object.metadata.name;
  const index = list.findIndex((object) => object.metadata.name === name);
  if (change.type === "delete") return index < 0 ? [...list] : list.toSpliced(index, 1);
  const object = change.object as unknown as T;
  return index < 0 ? [...list, object] : list.with(index, object);
}

type Batch = { readonly id: string; readonly changes: readonly LiveChange[] };
type ReadList<T> = { readonly items: readonly T[]; readonly position: string };

/** What arrived while a list was being read, for each reading. */
const readings = new Map<string, Set<Batch[]>>();

/**
 * Reads a list. The stream comes by another connection: what it brought meanwhile may be newer than the answer, and is
 * applied to it.
 */
export async function readWithChanges<T extends Named>(
  resource: string,
  read: () => Promise<ReadList<T>>,
): Promise<T[]> {
  const arrived: Batch[] = [];
  const ofResource = readings.get(resource) ?? new Set();
  readings.set(resource, ofResource.add(arrived));
  try {
    const { items, position } = await read();
    return arrived
      .filter(({ id }) => isAfterPosition(id, position))
      .flatMap(({ changes }) => changes)
      .reduce<T[]>(listWithChange, [...items]);
  } finally {
    ofResource.delete(arrived);
  }
}

/** Writes changes into the lists that were read, and keeps them for those that are being read. */
export function applyChanges(
  queryClient: QueryClient,
  { id, changes }: { readonly id: string; readonly changes: readonly LiveChange[] },
): void {
  for (const [resource, ofResource] of Map.groupBy(changes, (change) => change.resource)) {
    for (const arrived of readings.get(resource) ?? []) arrived.push({ id, changes: ofResource });
    queryClient.setQueryData<Named[]>([resource], (list) =>
      list === undefined ? undefined : ofResource.reduce<Named[]>(listWithChange, list),
    );
  }
}

/** Whether an event's id comes after a position; true also when they are of different runs of the server. */
function isAfterPosition(id: string, position: string): boolean {
  const [run, at] = id.split(".");
  const [positionRun, positionAt] = position.split(".");
  return run !== positionRun || Number(at) > Number(positionAt);
}
