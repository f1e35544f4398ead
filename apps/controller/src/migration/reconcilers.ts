import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Reconciler } from "../runtime/reconciler.ts";

export function migrationReconcilers(_deps: ReconcilerDeps): Reconciler[] {
  return [];
}
