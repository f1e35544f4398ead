import { describe, expect, it } from "vitest";
import {
  parseProgressLine,
  pipelineSummary,
  planTypeOf,
  planTypes,
  runActionOf,
  runActions,
  runFlags,
  runStatus,
} from "../index.ts";
import { planWith, runWith } from "./run-fixture.ts";

const time = "2026-01-01T00:00:00Z";

describe("the state of a run", () => {
  it.each([
    [[], "waiting", "Stage not started"],
    [["Running", "Ready"], "running", "Stage in progress"],
    [["Postponed"], "postponed", "Stage postponed"],
    [["Running", "PlanNotReady"], "blocked", "Stage failed"],
    [["Running", "DirectVolumeMigrationBlocked"], "paused", "Stage may be stuck"],
    [["Running", "Canceling"], "canceling", "Canceling Stage"],
    [["Canceled", "Succeeded"], "canceled", "Stage canceled"],
    [["Failed", "Canceled"], "failed", "Stage failed"],
    [["Succeeded"], "succeeded", "Stage succeeded"],
    [["Succeeded", "ResticErrors"], "succeeded-with-warnings", "Stage completed with warnings"],
    [["SucceededWithWarnings"], "succeeded-with-warnings", "Stage completed with warnings"],
  ] as const)("with %j is %s", (types, state, text) => {
    expect(runStatus(runWith({ stage: true }, types))).toMatchObject({ state, text });
  });

  it("is canceling from the moment somebody asked", () => {
    expect(runStatus(runWith({ stage: true, canceled: true }, ["Running"])).state).toBe(
      "canceling",
    );
  });

  it("names errors once, and the time of its end only when it is over", () => {
    const failed = runStatus(runWith({}, ["Failed", "ReconcileFailed"], { errors: ["x", "x"] }));
    expect(failed).toMatchObject({
      errors: ["About ReconcileFailed.", "x"],
      isOver: true,
      endedAt: "2026-01-01T08:20:00Z",
    });
    expect(runStatus(runWith({}, ["Running"]))).toMatchObject({
      isOver: false,
      endedAt: undefined,
    });
  });
});

describe("the action of a run", () => {
  it.each(planTypes.flatMap((type) => runActions.map((action) => [type, action] as const)))(
    "is read back from the flags of a %s plan's %s",
    (type, action) => {
      expect(runActionOf(runWith(runFlags(type, action), []))).toBe(action);
    },
  );

  it("halts the application in a full cutover only when that is wanted, else always", () => {
    expect(runFlags("full", "cutover", false)).toEqual({
      stage: false,
      migrateState: false,
      rollback: false,
      quiescePods: false,
    });
    expect(runFlags("state", "cutover", false).quiescePods).toBe(true);
    expect(runFlags("full", "stage")).toEqual({
      stage: true,
      migrateState: false,
      rollback: false,
      quiescePods: false,
    });
  });

  it("belongs to a plan whose type is what the wizard wrote, else what was identified", () => {
    const plan = planWith(["MigrationTypeIdentified"]);
    const identified = (reason: string) => ({
      ...plan,
      status: { conditions: plan.status?.conditions?.map((one) => ({ ...one, reason })) },
    });
    expect(planTypeOf(plan)).toBe("full");
    expect(planTypeOf(identified("StateMigrationPlan"))).toBe("state");
    expect(planTypeOf(identified("StorageConversionPlan"))).toBe("scc");
    const chosen = { "migration.openshift.io/selected-migplan-type": "full" };
    expect(
      planTypeOf({ ...identified("StateMigrationPlan"), metadata: { annotations: chosen } }),
    ).toBe("full");
  });
});

describe("the pipeline of a run", () => {
  const pipeline = [
    { name: "Prepare", message: "Completed", started: time, completed: time },
    { name: "StageBackup", message: "Skipped", skipped: true },
    {
      name: "DirectVolume",
      message: "Copying volumes",
      phase: "WaitForDirectVolumeMigrationToComplete",
      started: time,
    },
    { name: "Cleanup", message: "Not started" },
  ];

  it("shows each step and the current one", () => {
    const summary = pipelineSummary(runWith({ stage: true }, ["Running"], { pipeline }));
    expect(summary.title).toBe("DirectVolume");
    expect(summary.steps.map(({ state, text }) => [state, text])).toEqual([
      ["completed", "Complete"],
      ["skipped", "Skipped"],
      ["running", "Copying volumes"],
      ["not-started", "Not started"],
    ]);
    expect(summary.steps.map(({ title }) => title)).toEqual([
      "Preparing for migration",
      "Creating stage backup",
      "DirectVolume details",
      "Cleaning up",
    ]);
  });

  it("marks the open step of a failed run", () => {
    const summary = pipelineSummary(runWith({ stage: true }, ["Failed"], { pipeline }));
    expect(summary).toMatchObject({
      title: "Error - DirectVolume",
      current: { state: "error", text: "Error" },
    });
  });

  it.each([
    [[], "NotStarted"],
    [["Succeeded"], "Completed"],
    [["SucceededWithWarnings"], "Completed with warnings"],
    [["Canceled"], "Canceled"],
    [["DirectVolumeMigrationBlocked"], "Paused"],
    [["Postponed"], "Postponed"],
    [["Failed"], "Failed"],
  ] as const)("without steps and with %j has the title %s", (types, title) => {
    expect(pipelineSummary(runWith({}, types)).title).toBe(title);
  });

  it("shows a step that failed as failed, even when it was completed", () => {
    const failed = [{ name: "Backup", started: time, completed: time, failed: true }];
    expect(pipelineSummary(runWith({}, ["Failed"], { pipeline: failed })).steps[0]?.state).toBe(
      "failed",
    );
  });
});

describe("a line of progress", () => {
  it.each([
    [
      "Backup ns/b: 12 out of estimated total of 48 objects backed up (1m20s)",
      "Backup ns/b",
      25,
      "1m20s",
      "running",
    ],
    [
      "PodVolumeBackup ns/p: 1.50 GB out of 3.00 GB backed up (5s)",
      "PodVolumeBackup ns/p",
      50,
      "5s",
      "running",
    ],
    [
      "PodVolumeBackup ns/p: 500 kB out of 1.00 MB backed up (5s)",
      "PodVolumeBackup ns/p",
      50,
      "5s",
      "running",
    ],
    [
      "PodVolumeRestore ns/p: Failed. 0 bytes out of 10 bytes restored (2s)",
      "PodVolumeRestore ns/p",
      0,
      "2s",
      "failed",
    ],
    [
      "[data] shop/rsync-x: Running 42% (Transfer rate 10MB/s) (3m1s)",
      "[data] shop/rsync-x",
      42,
      "3m1s",
      "running",
    ],
    ["[data] shop/rsync-x: Completed 100% (3m1s)", "[data] shop/rsync-x", 100, "3m1s", "completed"],
    ["Job ns/j: Succeeded", "Job ns/j", undefined, undefined, "completed"],
    ["Pod ns/p: Running", "Pod ns/p", undefined, undefined, "running"],
  ])("%s", (...[line, resource, percent, duration, state]) => {
    expect(parseProgressLine(line)).toMatchObject({ resource, percent, duration, state });
  });

  it("with totals only names no resource", () => {
    expect(parseProgressLine("3 total volumes; 1 successful; 2 running; 0 failed")).toBeUndefined();
  });
});
