import { describe, expect, it } from "vitest";
import {
  conditionCatalogue,
  conditionCategories,
  conditionsOf,
  findCondition,
  hasBlocker,
  hasCondition,
  hasCritical,
  isReady,
  removeConditions,
  setCondition,
} from "./index.ts";
import type { Condition } from "./index.ts";

const earlier = new Date("2026-01-01T00:00:00.900Z");
const later = new Date("2026-01-01T00:05:00Z");

const running: Condition = {
  type: "Running",
  status: "True",
  category: "Advisory",
  reason: "Prepare",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

describe("setCondition", () => {
  it("adds an entry with the moment in whole seconds", () => {
    const [added] = setCondition(
      undefined,
      { type: "Ready", status: "True", category: "Required" },
      earlier,
    );
    expect(added?.lastTransitionTime).toBe("2026-01-01T00:00:00Z");
  });

  it("leaves the time alone when nothing changes, and does not touch its input", () => {
    const before = [running];
    const after = setCondition(
      before,
      { type: "Running", status: "True", category: "Advisory", reason: "Prepare" },
      later,
    );
    expect(after).toEqual(before);
    expect(after).not.toBe(before);
  });

  it.each([
    ["status", { status: "False" }],
    ["category", { category: "Warn" }],
    ["reason", { reason: "Cleanup" }],
    ["message", { message: "Step: 2/38" }],
    ["durable", { durable: true }],
  ])("moves the time when the %s changes", (_, change) => {
    const { lastTransitionTime: _time, ...entry } = running;
    const [after] = setCondition([running], { ...entry, ...change } as Condition, later);
    expect(after?.lastTransitionTime).toBe("2026-01-01T00:05:00Z");
  });

  it("keeps the order and the other entries", () => {
    const ready: Condition = { ...running, type: "Ready", category: "Required" };
    const after = setCondition([running, ready], { ...running, reason: "Cleanup" }, later);
    expect(after.map(({ type }) => type)).toEqual(["Running", "Ready"]);
    expect(after[1]).toBe(ready);
  });
});

describe("questions about conditions", () => {
  const falseCritical: Condition = {
    ...running,
    type: "InvalidPlanRef",
    status: "False",
    category: "Critical",
  };
  const conflict: Condition = { ...running, type: "PlanConflict", category: "Error" };

  it("count only entries that are True", () => {
    expect(hasCritical([falseCritical])).toBe(false);
    expect(hasBlocker([falseCritical])).toBe(false);
    expect(hasBlocker([conflict])).toBe(true);
    expect(hasCritical([{ ...falseCritical, status: "True" }])).toBe(true);
    expect(hasCondition([falseCritical], "InvalidPlanRef", "Other")).toBe(false);
    expect(findCondition([falseCritical], "InvalidPlanRef")).toBe(falseCritical);
    expect(conditionsOf([running, conflict], "Error", "Warn")).toEqual([conflict]);
  });

  it("say no for an object without status", () => {
    expect(isReady({})).toBe(false);
    expect(isReady({ status: { conditions: [{ type: "Ready", status: "True" }] } })).toBe(true);
    expect(removeConditions([running, conflict], "Running")).toEqual([conflict]);
  });
});

describe("the catalogue", () => {
  it("names a category that exists for every type, and knows Ready on every kind", () => {
    for (const types of Object.values(conditionCatalogue)) {
      expect(Object.keys(types)).toContain("Ready");
      const categories = Object.values(types).flatMap(({ category }) => category);
      for (const category of categories) expect(conditionCategories).toContain(category);
    }
  });
});
