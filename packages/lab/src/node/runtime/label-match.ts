import type { Selector } from "../kinds/selector.ts";

type Labels = Readonly<Record<string, string>> | undefined;

/** Whether labels fit a selector. An empty selector fits everything, an absent one nothing. */
export function matchesSelector(selector: Selector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  return (
    matchesLabels(selector.matchLabels ?? {}, labels) &&
    (selector.matchExpressions ?? []).every((expression) => meets(expression, labels))
  );
}

/** Whether every wanted label is there with its value. */
export function matchesLabels(wanted: Readonly<Record<string, string>>, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

type Expression = { key: string; operator: string; values?: string[] };

const tests: Readonly<
  Record<string, (value: string | undefined, values: readonly string[]) => boolean>
> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, values) => Number(value) > Number(values[0]),
  Lt: (value, values) => Number(value) < Number(values[0]),
};

/** Whether labels meet one expression of a label or node selector; an unknown operator is never met. */
export function meets({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  return tests[operator]?.(labels?.[key], values) ?? false;
}
