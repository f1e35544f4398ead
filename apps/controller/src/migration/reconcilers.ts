import type { KubeObject } from "@drover/crds";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Reconciler } from "../runtime/reconciler.ts";
import { migrationReconciler } from "./migration-reconciler.ts";

export function migrationReconcilers(deps: ReconcilerDeps): Reconciler[] {
  return [asReconciler(migrationReconciler(deps))];
}

/** The runtime hands each reconciler objects of its own kind only, so the narrower type is safe. */
function asReconciler<T extends KubeObject>(reconciler: Reconciler<T>): Reconciler {
  return reconciler as unknown as Reconciler;
}
