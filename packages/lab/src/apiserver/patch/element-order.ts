/**
 * Brings a list into a wanted order. Items the order does not name, made by somebody else, stay behind the
 * item they followed.
 */
export function orderedItems(
  list: readonly unknown[],
  order: readonly unknown[],
  identity: (item: unknown) => string,
): unknown[] {
  const wanted = order.map((item) => identity(item));
  const position = new Map(wanted.map((name, index) => [name, index]));
  const named = list
    .filter((item) => position.has(identity(item)))
    .sort((left, right) => rank(position, identity(left)) - rank(position, identity(right)));
  const result: unknown[] = [];
  let next = 0;
  for (const item of list) {
    if (!position.has(identity(item))) {
      result.push(item);
      continue;
    }
    const placed = named[next];
    next += 1;
    if (placed !== undefined) result.push(placed);
  }
  return result;
}

function rank(position: ReadonlyMap<string, number>, name: string): number {
  return position.get(name) ?? Number.MAX_SAFE_INTEGER;
}
