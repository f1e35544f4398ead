import { hookPhases } from "./migration/hook-phase.ts";
import type { HookPhase } from "./migration/hook-phase.ts";
import type { PlanHook } from "./migration/mig-plan.ts";

const reference =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

/** What is wrong with the name of a container image; undefined when nothing is. */
export function imageProblem(image: string): string | undefined {
  return image.length <= 512 && reference.test(image)
    ? undefined
    : `"${image}" is not an image name. Write it like quay.io/example/hook:1.0.`;
}

/** The phases of a plan that have no hook yet. */
export function freeHookPhases(hooks: readonly PlanHook[] | undefined): HookPhase[] {
  return hookPhases.filter((phase) => !(hooks ?? []).some((hook) => hook.phase === phase));
}
