import type { KubeObject } from "@drover/crds";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Reconciler } from "../runtime/reconciler.ts";
import { progressReconciler } from "./progress/progress-reconciler.ts";
import { volumeReconciler } from "./volume-reconciler.ts";

export function volumeMigrationReconcilers(deps: ReconcilerDeps): Reconciler[] {
  return [asReconciler(volumeReconciler(deps)), asReconciler(progressReconciler(deps))];
}

/** The runtime hands each reconciler objects of its own kind only, so the narrower type is safe. */
function asReconciler<T extends KubeObject>(reconciler: Reconciler<T>): Reconciler {
  return reconciler as unknown as Reconciler;
}
