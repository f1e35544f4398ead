import type { DirectVolumeMigrationProgress, RsyncPodStatus } from "@drover/crds";
import { expect, test } from "vitest";
import { backOffMs, copyState } from "./copy-state.ts";

function aReport(attempts: RsyncPodStatus[], ...conditions: string[]) {
  return {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "DirectVolumeMigrationProgress",
    metadata: { name: "report" },
    spec: {},
    status: {
      rsyncPodStatuses: attempts,
      conditions: conditions.map((type) => ({
        type,
        status: "True",
        category: "Advisory",
        lastTransitionTime: "",
      })),
    },
  } as DirectVolumeMigrationProgress;
}

const rules = { limit: 3, needsProof: true, compareOnly: false };
const succeeded = { phase: "Succeeded", exitCode: 0 };
const failed = { phase: "Failed", exitCode: 23, logMessage: "Some files could not be copied." };

test.each([
  ["nothing was tried", undefined, { state: "copying", attempt: 1 }],
  ["an attempt failed", aReport([failed]), { state: "copying", attempt: 2 }],
  [
    "an attempt succeeded and is proven",
    aReport([failed, succeeded], "CopyVerified"),
    { state: "copied" },
  ],
  ["a copy is not proven", aReport([succeeded]), { state: "copying", attempt: 2 }],
])("when %s", (_situation, report, state) => {
  expect(copyState(report, rules)).toEqual(state);
});

test("counts a copy without proof while the application may still write", () => {
  expect(copyState(aReport([succeeded]), { ...rules, needsProof: false })).toEqual({
    state: "copied",
  });
});

test("gives up after the last attempt, with its words", () => {
  expect(copyState(aReport([failed, failed, failed]), rules)).toEqual({
    state: "failed",
    differs: false,
    message: "Some files could not be copied. (3 attempts)",
  });
});

test("does not try again what cannot succeed", () => {
  const wrong = { phase: "Failed", exitCode: 1, logMessage: "rsync did not understand." };
  expect(copyState(aReport([wrong]), rules)).toMatchObject({ state: "failed" });
});

test("tries a copy that differs once more, and then says so", () => {
  const differs = { phase: "Failed", exitCode: 90, logMessage: "2 entries differ." };
  const many = { ...rules, limit: 20 };
  expect(copyState(aReport([differs], "CopyDiffers"), many)).toMatchObject({ attempt: 2 });
  expect(copyState(aReport([differs, differs], "CopyDiffers"), many)).toMatchObject({
    state: "failed",
    differs: true,
  });
});

test("does not compare again what nobody copies", () => {
  const differs = { phase: "Failed", exitCode: 90, logMessage: "2 entries differ." };
  const comparing = { ...rules, compareOnly: true };
  expect(copyState(aReport([differs], "CopyDiffers"), comparing)).toMatchObject({
    state: "failed",
    differs: true,
  });
});

test("waits longer before each attempt, up to a minute", () => {
  expect([1, 2, 3, 4, 9].map(backOffMs)).toEqual([0, 1000, 2000, 4000, 60_000]);
});
