import { describe, expect, it } from "vitest";
import { planStatus } from "../index.ts";
import type { MigMigration, MigPlan } from "../index.ts";
import { planWith, runWith } from "./run-fixture.ts";

const ready = ["Ready"] as const;
const started = { startTimestamp: "2026-01-01T00:00:00Z" };
const stage = { stage: true };
const cutover = { quiescePods: true };
const rollback = { rollback: true };

type Row = readonly [
  situation: string,
  plan: MigPlan,
  runs: () => MigMigration[],
  state: string,
  text: string,
  severity: string,
];

// One row per line of the decision table, in its order.
const rows: readonly Row[] = [
  [
    "a failed cutover",
    planWith(ready),
    () => [runWith(cutover, ["Failed"])],
    "failed",
    "Cutover failed",
    "danger",
  ],
  [
    "a failed stage of a plan in conflict",
    planWith(["PlanConflict"]),
    () => [runWith(stage, ["Failed"])],
    "failed",
    "Stage failed",
    "danger",
  ],
  [
    "a run with a Critical entry",
    planWith(ready),
    () => [runWith(stage, ["InvalidPlanRef"])],
    "failed",
    "Stage failed",
    "danger",
  ],
  [
    "a conflict with another plan",
    planWith(["PlanConflict"]),
    () => [],
    "conflict",
    "About PlanConflict.",
    "warning",
  ],
  [
    "a closed plan",
    planWith(["Closed"]),
    () => [runWith(cutover, ["Succeeded"])],
    "closed",
    "Closed",
    "info",
  ],
  [
    "a run being canceled",
    planWith(ready),
    () => [runWith(cutover, ["Running", "Canceling"])],
    "canceling",
    "Canceling Cutover",
    "progress",
  ],
  [
    "a running stage",
    planWith(ready),
    () => [runWith(stage, ["Running", "Ready"])],
    "running",
    "Stage in progress",
    "progress",
  ],
  [
    "a running rollback of a plan not ready",
    planWith(["StorageNotReady"]),
    () => [runWith(rollback, ["Running"])],
    "running",
    "Rollback in progress",
    "progress",
  ],
  [
    "a run that may be stuck",
    planWith(ready),
    () => [runWith(stage, ["Running", "DirectVolumeMigrationBlocked"])],
    "paused",
    "Stage in progress",
    "warning",
  ],
  [
    "a run that waits for another",
    planWith(ready),
    () => [runWith(stage, ["Postponed"])],
    "postponed",
    "Stage postponed",
    "progress",
  ],
  [
    "a canceled run",
    planWith(ready),
    () => [runWith(cutover, ["Canceled", "Succeeded"])],
    "canceled",
    "Cutover canceled",
    "info",
  ],
  [
    "a plan with a Critical entry",
    planWith(["StorageNotReady"]),
    () => [],
    "not-ready",
    "Not Ready",
    "warning",
  ],
  [
    "a plan without Ready",
    planWith(["PvsDiscovered"]),
    () => [],
    "not-ready",
    "Not Ready",
    "warning",
  ],
  [
    "a finished rollback",
    planWith(ready),
    () => [runWith(cutover, ["Succeeded"]), runWith(rollback, ["Succeeded"])],
    "rolled-back",
    "Rollback succeeded",
    "success",
  ],
  [
    "a rollback with warnings",
    planWith(ready),
    () => [runWith(cutover, ["Succeeded"]), runWith(rollback, ["SucceededWithWarnings"])],
    "rolled-back",
    "Rollback completed with warnings",
    "warning",
  ],
  [
    "live migration not supported",
    planWith(["Ready", "KubeVirtStorageLiveMigrationNotEnabled"]),
    () => [],
    "live-migration-unsupported",
    "Storage live migration not supported",
    "warning",
  ],
  [
    "a cutover with warnings",
    planWith(ready),
    () => [runWith(cutover, ["SucceededWithWarnings", "ResticErrors"])],
    "migrated",
    "Migration completed with warnings",
    "warning",
  ],
  [
    "a cutover after a stage",
    planWith(ready),
    () => [runWith(stage, ["Succeeded"]), runWith(cutover, ["Succeeded"])],
    "migrated",
    "Migration succeeded",
    "success",
  ],
  [
    "a stage with warnings",
    planWith(ready),
    () => [runWith(stage, ["SucceededWithWarnings"])],
    "staged",
    "Stage completed with warnings",
    "warning",
  ],
  [
    "a stage",
    planWith(ready),
    () => [runWith(stage, ["Succeeded"])],
    "staged",
    "Stage succeeded",
    "success",
  ],
  [
    "a stage after a rollback",
    planWith(ready),
    () => [
      runWith(cutover, ["Succeeded"]),
      runWith(rollback, ["Succeeded"]),
      runWith(stage, ["Succeeded"]),
    ],
    "staged",
    "Stage succeeded",
    "success",
  ],
  ["a ready plan", planWith(ready), () => [], "ready", "Ready", "info"],
  [
    "a plan nobody has looked at",
    planWith([]),
    () => [],
    "waiting",
    "Waiting for status...",
    "progress",
  ],
];

describe("the state of a plan", () => {
  it.each(rows)("with %s", (...[, plan, runs, state, text, severity]) => {
    const {
      actions: _actions,
      latest: _latest,
      messages: _messages,
      ...shown
    } = planStatus(plan, runs());
    expect(shown).toEqual({ state, text, severity });
  });

  it("is pending while it is being deleted, whatever else holds", () => {
    const status = planStatus(planWith(["PlanConflict"]), [runWith(cutover, ["Failed"])], {
      isDeleting: true,
    });
    expect(status).toMatchObject({ state: "deleting", text: "Pending", severity: "progress" });
  });

  it("says why, and points to the latest run", () => {
    const earlier = runWith(stage, ["Succeeded"]);
    const failed = runWith(cutover, ["Failed"], { errors: ["Backup x failed."] });
    const status = planStatus(planWith(ready), [earlier, failed]);
    expect(status.messages).toEqual(["Backup x failed."]);
    expect(status.latest).toBe(failed);
    expect(planStatus(planWith(["StorageNotReady"]), []).messages).toEqual([
      "About StorageNotReady.",
    ]);
  });
});

describe("what may be done with a plan", () => {
  const possible = (plan: MigPlan, runs: MigMigration[], isDeleting = false): string[] =>
    Object.entries(planStatus(plan, runs, { isDeleting }).actions)
      .filter(([, reason]) => reason === undefined)
      .map(([action]) => action);

  it.each<[string, MigPlan, () => MigMigration[], string[]]>([
    ["ready", planWith(ready), () => [], ["edit", "delete", "stage", "cutover"]],
    [
      "staged",
      planWith(ready),
      () => [runWith(stage, ["Succeeded"])],
      ["edit", "delete", "stage", "cutover"],
    ],
    ["running", planWith(ready), () => [runWith(cutover, ["Running"], started)], []],
    ["cut over", planWith(ready), () => [runWith(cutover, ["Succeeded"])], ["delete", "rollback"]],
    [
      "cut over with warnings",
      planWith(ready),
      () => [runWith(cutover, ["SucceededWithWarnings"])],
      ["delete", "rollback"],
    ],
    [
      "failed in the cutover",
      planWith(ready),
      () => [runWith(cutover, ["Failed"])],
      ["edit", "delete", "stage", "cutover", "rollback"],
    ],
    [
      "rolled back",
      planWith(ready),
      () => [runWith(cutover, ["Succeeded"]), runWith(rollback, ["Succeeded"])],
      ["edit", "delete", "stage", "cutover"],
    ],
    ["closed", planWith(["Closed"]), () => [], ["delete"]],
    ["not ready", planWith(["StorageNotReady"]), () => [], ["edit", "delete"]],
  ])("when it is %s", (...[, plan, runs, actions]) => {
    expect(possible(plan, runs())).toEqual(actions);
  });

  it("is nothing while it is being deleted", () => {
    expect(possible(planWith(ready), [], true)).toEqual([]);
  });

  it("comes with the reason where it is not possible", () => {
    const { actions } = planStatus(planWith(ready), [runWith(cutover, ["Succeeded"])]);
    expect(actions.cutover).toBe("The cutover has succeeded; roll it back first.");
  });
});
