import type { Condition, ConditionCategory } from "./condition.ts";

type Entry = {
  readonly type: string;
  readonly status: string;
  readonly category?: string | undefined;
};
type Entries<C extends Entry> = readonly C[] | undefined;

/** An object with `status.conditions`. */
export type Conditioned<C extends Entry = Entry> = {
  readonly status?: { readonly conditions?: readonly C[] | undefined } | undefined;
};

/** The entry of a type, whatever its status. */
export function findCondition<C extends Entry>(
  conditions: Entries<C>,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** True when any of the types is True. */
export function hasCondition(conditions: Entries<Entry>, ...types: readonly string[]): boolean {
  return types.some((type) => findCondition(conditions, type)?.status === "True");
}

/** The entries of the categories that are True. */
export function conditionsOf<C extends Entry>(
  conditions: Entries<C>,
  ...categories: readonly ConditionCategory[]
): C[] {
  return (conditions ?? []).filter(
    ({ status, category }) => status === "True" && categories.some((wanted) => wanted === category),
  );
}

export function hasCritical(conditions: Entries<Entry>): boolean {
  return conditionsOf(conditions, "Critical").length > 0;
}

/** True when something withholds Ready: a Critical or Error entry that is True. */
export function hasBlocker(conditions: Entries<Entry>): boolean {
  return conditionsOf(conditions, "Critical", "Error").length > 0;
}

export function isReady(object: Conditioned): boolean {
  return hasCondition(object.status?.conditions, "Ready");
}

/** What `setCondition` needs; the time of transition is its own to decide. */
export type ConditionToSet = Pick<
  Condition,
  "type" | "status" | "category" | "reason" | "message" | "durable"
>;

/**
 * The conditions with one entry added or replaced. As upstream has it, `lastTransitionTime` moves when anything of the
 * entry changes, its reason and message too, and stays when nothing does.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  condition: ConditionToSet,
  now: Date,
): Condition[] {
  const before = conditions ?? [];
  const earlier = findCondition(before, condition.type);
  const isSame = earlier !== undefined && isEqual(earlier, condition);
  const entry = isSame ? earlier : { ...condition, lastTransitionTime: kubeTime(now) };
  return earlier === undefined
    ? [...before, entry]
    : before.map((one) => (one.type === condition.type ? entry : one));
}

/** The conditions without the types. */
export function removeConditions(
  conditions: readonly Condition[] | undefined,
  ...types: readonly string[]
): Condition[] {
  return (conditions ?? []).filter(({ type }) => !types.includes(type));
}

/** A moment as Kubernetes writes it: RFC 3339 in whole seconds. */
export function kubeTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

const compared = ["status", "category", "reason", "message"] as const;

function isEqual(left: ConditionToSet, right: ConditionToSet): boolean {
  return (
    compared.every((field) => (left[field] ?? "") === (right[field] ?? "")) &&
    (left.durable ?? false) === (right.durable ?? false)
  );
}
