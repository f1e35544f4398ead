import { DirectVolumeMigrationProgress } from "@drover/crds";
import { progressReport } from "../../manifests/progress-report.ts";
import { done } from "../../runtime/outcome.ts";
import type { Step } from "../../runtime/step.ts";
import { createOrFind } from "../create-or-find.ts";
import type { VolumeScope } from "../volume-scope.ts";

/** Done when each volume has a resource that reports on its copy. */
export const createProgressReports: Step<VolumeScope> = {
  name: "CreatePVProgressCRs",
  isDone: ({ isPast }) => isPast("CreatePVProgressCRs"),
  async run({ deps, run, copies, source }) {
    for (const copy of copies) {
      const report = progressReport(run, copy, { namespace: deps.namespace, source: source.ref });
      await createOrFind(deps.host, DirectVolumeMigrationProgress, report);
    }
    return done;
  },
};
