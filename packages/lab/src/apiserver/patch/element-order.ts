type Named = { readonly name: string; readonly item: unknown };

/**
 * Brings a merged list into order, as Kubernetes does: what the order names comes in that order, what it does not
 * name keeps the order it had on the server, and of the two the latter comes first only where it did so before.
 */
export function orderedItems(
  lists: {
    readonly merged: readonly unknown[];
    readonly order: readonly unknown[];
    readonly server: readonly unknown[];
  },
  identity: (item: unknown) => string,
): unknown[] {
  const wanted = positions(lists.order.map(identity));
  const before = positions(lists.server.map(identity));
  const named = lists.merged.map((item): Named => ({ name: identity(item), item }));
  const patched = sortedBy(
    named.filter(({ name }) => wanted.has(name)),
    wanted,
  );
  const others = sortedBy(
    named.filter(({ name }) => !wanted.has(name)),
    before,
  );
  return interleaved(others, patched, before).map(({ item }) => item);
}

function interleaved(
  others: readonly Named[],
  patched: readonly Named[],
  before: ReadonlyMap<string, number>,
): readonly Named[] {
  const result: Named[] = [];
  const waiting = [...others];
  for (const item of patched) {
    const place = before.get(item.name) ?? -1;
    while (waiting[0] !== undefined && (before.get(waiting[0].name) ?? Infinity) < place) {
      result.push(waiting[0]);
      waiting.shift();
    }
    result.push(item);
  }
  return [...result, ...waiting];
}

function positions(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index]));
}

function sortedBy(items: readonly Named[], order: ReadonlyMap<string, number>): readonly Named[] {
  return items.toSorted((left, right) => rank(order, left) - rank(order, right));
}

function rank(order: ReadonlyMap<string, number>, { name }: Named): number {
  return order.get(name) ?? Number.MAX_SAFE_INTEGER;
}
