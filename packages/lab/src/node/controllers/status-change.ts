import { isDeepStrictEqual } from "node:util";
import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Condition } from "../kinds/condition.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";

type WithStatus = KubeObject & { status?: object };

/** Writes the fields of a status that changed; a field set to null is removed. Nothing is written when none did. */
export async function writeStatus<T extends WithStatus>(
  view: ClusterView,
  kind: ResourceKind<T>,
  change: { readonly object: T; readonly status: Record<string, unknown> },
): Promise<void> {
  const { object, status } = change;
  const current = { ...object.status } as Record<string, unknown>;
  const changed = Object.entries(status).filter(
    ([field, value]) => !isDeepStrictEqual(current[field] ?? null, value ?? null),
  );
  if (changed.length === 0) return;
  await view.changeStatus(kind, object, Object.fromEntries(changed));
}

/** The conditions with one of them set; its transition time moves only when its status does. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  condition: Condition,
): Condition[] {
  const known = conditions ?? [];
  const before = known.find(({ type }) => type === condition.type);
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const since = before?.status === condition.status ? (before.lastTransitionTime ?? now) : now;
  const next = { ...condition, lastTransitionTime: since };
  if (before === undefined) return [...known, next];
  const isSame = before.reason === next.reason && before.message === next.message;
  if (isSame && before.status === next.status) return [...known];
  return known.map((one) => (one === before ? next : one));
}
