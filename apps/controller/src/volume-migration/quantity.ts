import type { Quantity } from "@drover/crds";

const SCALE: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The amount a Kubernetes quantity stands for, as a number. */
export function quantityToNumber(quantity: Quantity): number {
  if (typeof quantity === "number") return quantity;
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]{0,2})$/.exec(quantity.trim());
  const scale = SCALE[match?.[2] ?? ""];
  if (!match || scale === undefined) throw new RangeError(`Not a quantity: ${quantity}`);
  return Number(match[1]) * scale;
}
