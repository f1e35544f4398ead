import type { LabelSelector } from "@drover/crds";

type Requirement = {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
};

function requirements(selector: LabelSelector): Requirement[] {
  const exact = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => {
    return { key, operator: "In", values: [value] };
  });
  return [...exact, ...(selector.matchExpressions ?? [])];
}

/** The selector as the API server's `labelSelector` parameter wants it. */
export function selectorText(selector: LabelSelector): string {
  return requirements(selector)
    .map(({ key, operator, values = [] }) => {
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
    })
    .join(",");
}

function meets(labels: Readonly<Record<string, string>>, requirement: Requirement): boolean {
  const { key, operator, values = [] } = requirement;
  const value = labels[key];
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  const isListed = value !== undefined && values.includes(value);
  return operator === "In" ? isListed : !isListed;
}

/** The alternatives a spec selects by; an object needs to match one. None means everything matches. */
export function selectorsOf(spec: {
  readonly labelSelector?: LabelSelector | null | undefined;
  readonly orLabelSelectors?: readonly LabelSelector[] | null | undefined;
}): LabelSelector[] {
  const single = spec.labelSelector ? [spec.labelSelector] : [];
  return [...single, ...(spec.orLabelSelectors ?? [])];
}

export function matchesAny(
  selectors: readonly LabelSelector[],
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return (
    selectors.length === 0 ||
    selectors.some((selector) => requirements(selector).every((one) => meets(labels ?? {}, one)))
  );
}
