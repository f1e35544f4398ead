import { compareQuantities, differenceOf, sumOf } from "../apiserver/schema/quantity.ts";

/** So much of each resource: `{ "requests.cpu": "500m", pods: "2" }`. */
export type Amounts = Readonly<Record<string, string>>;

/** What several amounts come to together. */
export function total(...amounts: readonly Amounts[]): Amounts {
  return combined(amounts, (left, right) => sumOf(left, right));
}

/** The larger of the amounts of each resource. */
export function largest(...amounts: readonly Amounts[]): Amounts {
  return combined(amounts, (left, right) => (isMore(left, right) ? left : right));
}

function combined(
  amounts: readonly Amounts[],
  join: (left: string, right: string) => string,
): Amounts {
  const result: Record<string, string> = {};
  for (const [name, amount] of amounts.flatMap((one) => Object.entries(one))) {
    const known = result[name];
    result[name] = known === undefined ? amount : join(known, amount);
  }
  return result;
}

/** The first amounts less the others. */
export function less(amounts: Amounts, others: Amounts): Amounts {
  const names = new Set([...Object.keys(amounts), ...Object.keys(others)]);
  return Object.fromEntries(
    [...names].map((name) => [name, differenceOf(amounts[name] ?? "0", others[name] ?? "0")]),
  );
}

/** Only the resources that pass. */
export function only(amounts: Amounts, passes: (name: string, amount: string) => boolean): Amounts {
  return Object.fromEntries(
    Object.entries(amounts).filter(([name, amount]) => passes(name, amount)),
  );
}

export function isMore(left: string, right: string): boolean {
  return (compareQuantities(left, right) ?? 0) > 0;
}

/** `limits.memory=600Mi,requests.cpu=600m` */
export function describeAmounts(amounts: Amounts): string {
  return Object.keys(amounts)
    .sort()
    .map((name) => `${name}=${amounts[name] ?? ""}`)
    .join(",");
}
