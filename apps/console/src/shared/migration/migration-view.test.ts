import type { Condition, MigMigration } from "@drover/crds";
import { expect, test } from "vitest";
import { migrationView, newestFirst } from "./migration-view.ts";

const at = "2026-01-01T00:05:00Z";
const condition = (type: string, message?: string): Condition => ({
  type,
  ...(message === undefined ? {} : { message }),
  category: "Advisory",
  status: "True",
  lastTransitionTime: at,
});

function aMigration(
  name: string,
  creationTimestamp: string,
  conditions: Condition[],
): MigMigration {
  return {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigMigration",
    metadata: { name, creationTimestamp },
    spec: { stage: false, migPlanRef: { name: "ledger" } },
    status: {
      conditions,
      pipeline: [{ name: "DirectVolume", started: at, message: "Waiting for 2 of 8 volumes" }],
    },
  };
}

test("a running one says what it waits for and since when", () => {
  const running = aMigration("run", "2026-01-01T00:00:00Z", [condition("Running")]);
  expect(migrationView(running).now).toEqual({ text: "Waiting for 2 of 8 volumes", since: at });
});

test.each([
  ["Step: 14/19. DirectVolumeMigration copy: Waiting.", "DirectVolumeMigration copy: Waiting."],
  ["Step: 14/19", "Waiting for 2 of 8 volumes"],
])("of its own words the count of steps is left out: %s", (message, text) => {
  const running = aMigration("run", "2026-01-01T00:00:00Z", [condition("Running", message)]);
  expect(migrationView(running).now?.text).toBe(text);
});

test("an ended one says when, and no longer what it does", () => {
  const view = migrationView(aMigration("run", "2026-01-01T00:00:00Z", [condition("Succeeded")]));
  expect([view.ended, view.now]).toEqual([at, undefined]);
});

test("the newest run comes first", () => {
  const runs = [
    aMigration("old", "2026-01-01T00:00:00Z", []),
    aMigration("new", "2026-01-02T00:00:00Z", []),
  ];
  expect(newestFirst(runs).map(({ metadata }) => metadata.name)).toEqual(["new", "old"]);
});
