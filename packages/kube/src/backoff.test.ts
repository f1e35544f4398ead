import { expect, test } from "vitest";
import { Backoff } from "./backoff.ts";

const pauses = (count: number, backoff: Backoff): number[] =>
  Array.from({ length: count }, () => backoff.nextMs());

test("pauses double up to the longest, each between half and all of it", () => {
  for (let round = 0; round < 200; round += 1) {
    const tried = pauses(8, new Backoff({ minMs: 100, maxMs: 1_000 }));
    const ceilings = [100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000];
    tried.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual((ceilings[index] ?? 0) / 2);
      expect(pause).toBeLessThanOrEqual(ceilings[index] ?? 0);
    });
  }
});

test("many clients do not come back in step", () => {
  const first = Array.from({ length: 100 }, () =>
    new Backoff({ minMs: 1_000, maxMs: 1_000 }).nextMs(),
  );
  expect(new Set(first).size).toBeGreaterThan(50);
});

test("starts small again after a success", () => {
  const backoff = new Backoff({ minMs: 100, maxMs: 10_000 });
  pauses(6, backoff);
  backoff.reset();
  expect(backoff.failures).toBe(0);
  expect(backoff.nextMs()).toBeLessThanOrEqual(100);
});

test("waits as long as the server asks, but never longer than two minutes for it", () => {
  const backoff = new Backoff({ minMs: 100, maxMs: 10_000 });
  const asked = backoff.nextMs(5_000);
  expect(asked).toBeGreaterThanOrEqual(5_000);
  expect(asked).toBeLessThanOrEqual(5_100);
  expect(backoff.nextMs(86_400_000)).toBeLessThanOrEqual(120_100);
});
