import type { Condition } from "@drover/crds";
import { expect, test } from "vitest";
import { readinessFrom } from "./readiness.ts";

const condition = (type: string, category: string, message: string): Condition => ({
  type,
  category,
  message,
  status: "True",
  lastTransitionTime: "2026-01-01T00:00:00Z",
});

test("nothing said yet is being checked, not failed", () => {
  expect(readinessFrom(undefined)).toEqual({ state: "checking" });
});

test("a critical condition is the reason shown", () => {
  const conditions = [condition("InvalidURL", "Critical", "The URL is malformed.")];
  expect(readinessFrom(conditions)).toEqual({
    state: "failed",
    reasons: ["The URL is malformed."],
  });
});

test("ready with a warning keeps the warning", () => {
  const conditions = [
    condition("Ready", "Required", "The cluster is ready."),
    condition("OperatorVersionMismatch", "Warn", "Versions differ."),
  ];
  expect(readinessFrom(conditions)).toEqual({ state: "ready", warnings: ["Versions differ."] });
});
