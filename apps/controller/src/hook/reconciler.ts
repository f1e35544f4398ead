import { MigHook } from "@drover/crds";
import { done } from "../runtime/outcome.ts";
import type { Reconciler } from "../runtime/reconciler.ts";
import { hookProblems } from "./check-hook.ts";

/** Says whether a hook is written so that a migration can run it. */
export function migHookReconciler(): Reconciler<MigHook> {
  return {
    kind: MigHook,
    observed: "generation",
    async reconcile(pass) {
      for (const problem of hookProblems(pass.object)) pass.conditions.set(problem);
      pass.conditions.setReady(!pass.conditions.hasBlocker(), "The hook is ready.");
      return done;
    },
  };
}
