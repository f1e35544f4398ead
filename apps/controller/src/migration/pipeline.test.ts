import { expect, test } from "vitest";
import { atStep, ended, failedAt, withProgress, withSteps } from "./pipeline.ts";

const now = new Date("2026-11-21T10:00:00Z");
const later = new Date("2026-11-21T10:05:00Z");
const position = (step: "Prepare" | "Restore", phase: string) => ({
  step,
  phase,
  description: `${phase}.`,
});

test("lists the steps before they begin", () => {
  expect(withSteps([], ["Prepare", "Restore", "Prepare"])).toEqual([
    { name: "Prepare", message: "Not started" },
    { name: "Restore", message: "Not started" },
  ]);
});

test("completes what came before the current step and skips what never began", () => {
  const pipeline = withSteps([], ["Prepare", "Backup", "Restore", "Cleanup"]);
  const begun = atStep(pipeline, position("Prepare", "Started"), now);
  expect(atStep(begun, position("Restore", "EnsureFinalRestore"), later)).toEqual([
    {
      name: "Prepare",
      message: "Completed",
      started: "2026-11-21T10:00:00Z",
      completed: "2026-11-21T10:05:00Z",
    },
    { name: "Backup", message: "Skipped", skipped: true },
    {
      name: "Restore",
      message: "EnsureFinalRestore.",
      phase: "EnsureFinalRestore",
      started: "2026-11-21T10:05:00Z",
    },
    { name: "Cleanup", message: "Not started" },
  ]);
});

test("puts the steps of cleaning up behind those that were there", () => {
  const begun = atStep(withSteps([], ["Prepare"]), position("Prepare", "Started"), now);
  const names = withSteps(failedAt(begun, "Prepare"), ["CleanupHelpers", "Cleanup"]);
  expect(names.map(({ name }) => name)).toEqual(["Prepare", "CleanupHelpers", "Cleanup"]);
  expect(ended(names, later)[0]).toMatchObject({
    failed: true,
    message: "Failed",
    completed: "2026-11-21T10:05:00Z",
  });
});

test("replaces the progress lines of one step", () => {
  const pipeline = withSteps([], ["Prepare", "Restore"]);
  expect(withProgress(pipeline, "Restore", ["one line"])[1]?.progress).toEqual(["one line"]);
});
