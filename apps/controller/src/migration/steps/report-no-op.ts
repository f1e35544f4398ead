import { done } from "../../runtime/outcome.ts";
import type { MigrationStep } from "../migration-scope.ts";
import { hasDirectVolumes } from "./migrate-volumes.ts";
import { hasStagedVolumes } from "./stage-volumes.ts";

/** Done when the status says that a stage run had nothing to copy. */
export const reportNoOp: MigrationStep = {
  name: "StageNoOp",
  when: (scope) =>
    Boolean(scope.pass.object.spec.stage) && !hasDirectVolumes(scope) && !hasStagedVolumes(scope),
  async run({ pass }) {
    pass.conditions.set({
      type: "StageNoOp",
      category: "Warn",
      durable: true,
      message: "The plan has no volumes to copy, so this stage run did nothing.",
    });
    return done;
  },
};
