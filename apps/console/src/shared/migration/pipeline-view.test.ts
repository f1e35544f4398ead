import type { MigMigration, PipelineStep } from "@drover/crds";
import { expect, test } from "vitest";
import { pipelinePercent, pipelineView } from "./pipeline-view.ts";

function aMigration(pipeline: PipelineStep[], failed = false): MigMigration {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  const condition = { type: "Failed", status: "True", category: "Advisory", lastTransitionTime };
  return {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigMigration",
    metadata: { name: "run" },
    spec: { stage: true },
    status: { pipeline, conditions: failed ? [condition] : [] },
  };
}

const started = "2026-01-01T00:00:00Z";
const completed = "2026-01-01T00:01:00Z";

test.each<[string, PipelineStep, boolean]>([
  ["waiting", { name: "Backup" }, false],
  ["running", { name: "Backup", started }, false],
  ["done", { name: "Backup", started, completed }, false],
  ["failed", { name: "Backup", started, failed: true }, false],
  ["failed", { name: "Backup", started }, true],
  ["skipped", { name: "Backup", skipped: true, completed }, false],
])("a step reads as %s", (state, step, runFailed) => {
  expect(pipelineView(aMigration([step], runFailed))[0]?.state).toBe(state);
});

test("a step nobody told us about keeps its own name", () => {
  expect(pipelineView(aMigration([{ name: "Inspect" }]))[0]?.title).toBe("Inspect");
});

test("skipped steps count as behind", () => {
  const steps = pipelineView(
    aMigration([
      { name: "Prepare", started, completed },
      { name: "Backup", skipped: true },
      { name: "Restore" },
      { name: "Cleanup" },
    ]),
  );
  expect(pipelinePercent(steps)).toBe(50);
});
