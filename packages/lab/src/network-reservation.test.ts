import { expect, onTestFinished, test } from "vitest";
import { reserveAddressing, reserveNetwork } from "./network-reservation.ts";

test("labs beside each other have networks and node ports of their own", async () => {
  const held = await Promise.all(Array.from({ length: 9 }, () => reserveAddressing()));
  onTestFinished(() => held.forEach(({ reservation }) => reservation.release()));
  expect(new Set(held.map(({ addressing }) => addressing.network)).size).toBe(9);
  const ranges = held
    .map(({ addressing }) => addressing.nodePorts)
    .sort((a, b) => a.first - b.first);
  const gaps = ranges.slice(1).map(({ first }, index) => first - (ranges[index]?.last ?? first));
  expect(Math.min(...gaps)).toBeGreaterThan(0);
  expect(ranges.at(-1)?.last).toBeLessThanOrEqual(32_767);
});

test("a network that is held is not given again until it is released", async () => {
  const { addressing, reservation } = await reserveAddressing();
  expect(await reserveNetwork(addressing.network)).toBeUndefined();
  reservation.release();
  const again = await reserveNetwork(addressing.network);
  expect(again).toBeDefined();
  again?.release();
});
