import { expect, it } from "vitest";
import { blocked, done, waiting } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { runItinerary } from "./step.ts";
import type { Step } from "./step.ts";

type Trace = { readonly ran: string[] };

function aStep(
  name: string,
  outcome: Outcome = done,
  over: Partial<Step<Trace>> = {},
): Step<Trace> {
  return {
    name,
    run: async ({ ran }) => {
      ran.push(name);
      return outcome;
    },
    ...over,
  };
}

it("runs steps in order and stops at the first that is not done", async () => {
  const scope: Trace = { ran: [] };
  const wait = waiting({ reason: "Copying", message: "Half done." });
  const progress = await runItinerary([aStep("a"), aStep("b", wait), aStep("c")], scope);
  expect(scope.ran).toEqual(["a", "b"]);
  expect(progress).toEqual({
    outcome: wait,
    stoppedAt: "b",
    applicable: ["a", "b", "c"],
    passed: ["a"],
  });
});

it("leaves out steps that do not apply, and does not repeat what is done for good", async () => {
  const scope: Trace = { ran: [] };
  const steps = [
    aStep("once", done, { isDone: () => true }),
    aStep("other", done, { when: () => false }),
    aStep("last"),
  ];
  const progress = await runItinerary(steps, scope);
  expect(scope.ran).toEqual(["last"]);
  expect(progress).toEqual({
    outcome: done,
    applicable: ["once", "last"],
    passed: ["once", "last"],
  });
});

it("stops at a blocked step", async () => {
  const block = blocked({ reason: "NoClass", message: "Choose a class." });
  const { outcome, stoppedAt } = await runItinerary([aStep("a", block), aStep("b")], { ran: [] });
  expect([outcome, stoppedAt]).toEqual([block, "a"]);
});

it("lets a throw out, as it is transient", async () => {
  const broken = aStep("a", done, {
    run: async () => {
      throw new Error("down");
    },
  });
  await expect(runItinerary([broken], { ran: [] })).rejects.toThrow("down");
});

it("stops between steps once it is told to", async () => {
  const stopping = new AbortController();
  const scope: Trace = { ran: [] };
  const stopper = aStep("a", done, {
    run: async () => {
      stopping.abort();
      return done;
    },
  });
  const { signal } = stopping;
  await expect(runItinerary([stopper, aStep("b")], scope, { signal })).rejects.toThrow("aborted");
  expect(scope.ran).toEqual([]);
});
