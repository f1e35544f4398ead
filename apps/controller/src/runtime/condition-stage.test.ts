import type { Condition } from "@drover/crds";
import { describe, expect, it } from "vitest";
import { ConditionStage } from "./condition-stage.ts";

const earlier = "2026-01-01T00:00:00Z";
const now = new Date("2026-01-02T00:00:00.123Z");

function aCondition(over: Partial<Condition>): Condition {
  return {
    type: "Ready",
    status: "True",
    category: "Required",
    lastTransitionTime: earlier,
    ...over,
  };
}

describe("ConditionStage", () => {
  it("drops what this pass did not confirm, and carries durable entries over", () => {
    const stage = new ConditionStage([
      aCondition({ type: "Ready" }),
      aCondition({ type: "Copied", durable: true }),
    ]);
    expect(stage.has("Ready")).toBe(false);
    expect(stage.has("Copied")).toBe(true);
    expect(stage.finish(now).map(({ type }) => type)).toEqual(["Copied"]);
  });

  it("keeps the transition time of a condition that is set again unchanged", () => {
    const stage = new ConditionStage([aCondition({ message: "Fine." })]);
    stage.setReady(true, "Fine.");
    expect(stage.finish(now)).toEqual([aCondition({ message: "Fine." })]);
  });

  it("moves the transition time when anything a reader sees has changed", () => {
    const stage = new ConditionStage([aCondition({ message: "Fine." })]);
    stage.setReady(true, "Still fine.");
    expect(stage.finish(now)[0]?.lastTransitionTime).toBe("2026-01-02T00:00:00Z");
  });

  it("writes the items where the message says []", () => {
    const stage = new ConditionStage();
    stage.set({ type: "Missing", category: "Critical", message: "No [] here.", items: ["a", "b"] });
    expect(stage.finish(now)[0]?.message).toBe("No [a, b] here.");
  });

  it("removes durable entries when told to", () => {
    const stage = new ConditionStage([aCondition({ type: "Copied", durable: true })]);
    stage.remove("Copied");
    expect(stage.finish(now)).toEqual([]);
  });

  it("keeps an earlier entry on request, but never over one set in this pass", () => {
    const stage = new ConditionStage([aCondition({ message: "old" })]);
    stage.set({ type: "Ready", category: "Required", message: "new" });
    stage.keep("Ready");
    expect(stage.find("Ready")?.message).toBe("new");
  });

  it.each([
    ["Critical", "True", true, true],
    ["Error", "True", false, true],
    ["Critical", "False", false, false],
    ["Warn", "True", false, false],
  ] as const)("%s %s: critical %s, blocker %s", (category, status, isCritical, isBlocker) => {
    const stage = new ConditionStage();
    stage.set({ type: "X", category, status });
    expect(stage.hasCritical()).toBe(isCritical);
    expect(stage.hasBlocker()).toBe(isBlocker);
  });
});
