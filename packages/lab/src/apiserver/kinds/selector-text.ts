import { fieldsOf, isFields, listOf } from "../json.ts";
import type { Fields } from "../json.ts";

/** A label selector (or a plain map of labels) as it is written in a query. */
export function selectorText(selector: unknown): string {
  if (typeof selector === "string") return selector;
  const fields = fieldsOf(selector);
  const isSelector = isFields(fields["matchLabels"]) || Array.isArray(fields["matchExpressions"]);
  const labels = isSelector ? fieldsOf(fields["matchLabels"]) : fields;
  const equal = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = listOf(fields["matchExpressions"]).map(fieldsOf).map(expressionText);
  return [...equal, ...expressions].join(",");
}

function expressionText(expression: Fields): string {
  const key = String(expression["key"]);
  const values = listOf(expression["values"]).join(",");
  switch (expression["operator"]) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "Exists":
      return key;
    default:
      return `!${key}`;
  }
}
