import { isFields } from "../json.ts";

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "filter"; readonly path: readonly Step[]; readonly value: string };

const parsed = new Map<string, readonly Step[]>();

/** Reads a simple JSON path as printer columns use them: `.a.b[0].c`, `['x']`, `[*]`, `[?(@.type=="Ready")]`. */
export function readJsonPath(value: unknown, path: string): readonly unknown[] {
  let steps = parsed.get(path);
  if (steps === undefined) {
    steps = parsePath(path);
    parsed.set(path, steps);
  }
  return follow(value, steps);
}

function follow(value: unknown, steps: readonly Step[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((item) => take(item, step)),
    [value],
  );
}

function take(value: unknown, step: Step): readonly unknown[] {
  if (Array.isArray(value)) return takeFromList(value, step);
  if (!isFields(value)) return [];
  if (step.kind === "all") return Object.values(value);
  return step.kind === "field" ? present(value[step.name]) : [];
}

function takeFromList(list: readonly unknown[], step: Step): readonly unknown[] {
  switch (step.kind) {
    case "field":
      return [];
    case "index":
      return present(list.at(step.index));
    case "all":
      return list;
    case "filter":
      return list.filter((item) =>
        follow(item, step.path).some((found) => String(found) === step.value),
      );
  }
}

function present(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}

const TOKEN =
  /\.?\[\?\(@(?<filter>[^=)]+?)\s*==\s*["']?(?<value>[^"')]*)["']?\)\]|\['(?<quoted>(?:[^'\\]|\\.)*)'\]|\[(?<index>-?\d+|\*)\]|\.?(?<name>(?:[^.[\]\\]|\\.)+)/g;

function parsePath(path: string): readonly Step[] {
  const steps: Step[] = [];
  for (const { groups = {} } of path.matchAll(TOKEN)) {
    const { filter, value = "", quoted, index, name } = groups;
    if (filter !== undefined) steps.push({ kind: "filter", path: parsePath(filter), value });
    else if (index === "*" || name === "*") steps.push({ kind: "all" });
    else if (index !== undefined) steps.push({ kind: "index", index: Number(index) });
    else {
      const field = (quoted ?? name ?? "").replaceAll(/\\(.)/g, "$1");
      steps.push({ kind: "field", name: field });
    }
  }
  return steps;
}
