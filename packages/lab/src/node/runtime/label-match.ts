import type { Selector } from "../kinds/workload.ts";

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

/** Whether labels meet one expression of a label or node selector; an unknown operator is never met. */
export function meets({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = labels?.[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}
