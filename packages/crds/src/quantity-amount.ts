import type { Quantity } from "./quantity.ts";

export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** An exact amount in billionths, the finest Kubernetes keeps, and the way it was written. */
export type ExactQuantity = { readonly nanos: bigint; readonly format: QuantityFormat };

const nanosPerUnit = 1_000_000_000n;
const grammar = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d{1,4})$/;
const decimalPower: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryPower: Readonly<Record<string, bigint>> = {
  Ki: 10n,
  Mi: 20n,
  Gi: 30n,
  Ti: 40n,
  Pi: 50n,
  Ei: 60n,
};

/** Undefined when the text is no quantity. Anything finer than a billionth is rounded away from zero, as Kubernetes does. */
export function readQuantity(quantity: Quantity): ExactQuantity | undefined {
  const text = String(quantity);
  // No quantity anyone writes is longer, and arbitrarily long digits would cost arbitrary time.
  const match = text.length > 128 ? null : grammar.exec(text);
  if (!match) return undefined;
  const [, sign = "", digits = "", suffix = ""] = match;
  const [whole = "", fraction = ""] = digits.split(".");
  const mantissa = BigInt(`${whole}${fraction}` || "0");
  const scaled = scale(mantissa, suffix, fraction.length);
  return { nanos: sign === "-" ? -scaled : scaled, format: formatOf(suffix) };
}

/** Reads a quantity; throws with a sentence when it is none. */
export function parseQuantity(quantity: Quantity): ExactQuantity {
  const read = readQuantity(quantity);
  if (read) return read;
  throw new RangeError(
    `"${quantity}" is not a quantity. Write a number with an optional unit, such as 500m, 2 or 10Gi.`,
  );
}

/** The shortest way Kubernetes writes an amount: integral, with the largest unit that keeps it so. */
export function formatQuantity({ nanos, format }: ExactQuantity): string {
  const isWhole = nanos % nanosPerUnit === 0n;
  const units = nanos / nanosPerUnit;
  if (format === "BinarySI" && isWhole && magnitude(units) >= 1024n) return binaryText(units);
  return decimalText(nanos, format === "DecimalExponent");
}

/** Bytes, or whole units, as a number, rounded up; 0 when the text is no quantity. */
export function quantityToBytes(quantity: Quantity): number {
  return Math.ceil(quantityToNumber(quantity) ?? 0);
}

/** The amount as a number, as exact as a number can be; undefined when the text is no quantity. */
export function quantityToNumber(quantity: Quantity): number | undefined {
  const read = readQuantity(quantity);
  if (!read) return undefined;
  const units = read.nanos / nanosPerUnit;
  return Number(units) + Number(read.nanos % nanosPerUnit) / Number(nanosPerUnit);
}

/** Negative, zero or positive, for sorting. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  const difference = parseQuantity(left).nanos - parseQuantity(right).nanos;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** The sum, written the way of the first that is not zero. */
export function addQuantities(...quantities: readonly Quantity[]): string {
  const all = quantities.map(parseQuantity);
  const format = all.find(({ nanos }) => nanos !== 0n)?.format ?? "BinarySI";
  return formatQuantity({ nanos: all.reduce((sum, { nanos }) => sum + nanos, 0n), format });
}

/** The largest, as it was written; undefined for none. */
export function maxQuantity(...quantities: readonly Quantity[]): Quantity | undefined {
  return quantities.reduce<Quantity | undefined>(
    (best, one) => (best === undefined || compareQuantities(one, best) > 0 ? one : best),
    undefined,
  );
}

/** So many percent of an amount, in whole units, rounded up. */
export function percentOfQuantity(quantity: Quantity, percent: number): string {
  const { nanos, format } = parseQuantity(quantity);
  const share = ceilDivide(nanos * BigInt(Math.round(percent * 1000)), 100_000n * nanosPerUnit);
  return formatQuantity({ nanos: share * nanosPerUnit, format });
}

function formatOf(suffix: string): QuantityFormat {
  if (suffix in binaryPower) return "BinarySI";
  return /^[eE].+/.test(suffix) ? "DecimalExponent" : "DecimalSI";
}

function scale(mantissa: bigint, suffix: string, fractionDigits: number): bigint {
  const shift = binaryPower[suffix];
  if (shift !== undefined) {
    return ceilDivide((mantissa << shift) * nanosPerUnit, 10n ** BigInt(fractionDigits));
  }
  const power = decimalPower[suffix] ?? Number(suffix.slice(1));
  const exponent = power + 9 - fractionDigits;
  return exponent >= 0
    ? mantissa * 10n ** BigInt(exponent)
    : ceilDivide(mantissa, 10n ** BigInt(-exponent));
}

function ceilDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor > 0n ? quotient + 1n : quotient;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function binaryText(units: bigint): string {
  const fitting = Object.entries(binaryPower).filter(([, power]) => units % (1n << power) === 0n);
  const [suffix, power] = fitting.at(-1) ?? ["", 0n];
  return `${units >> power}${suffix}`;
}

function decimalText(nanos: bigint, withExponent: boolean): string {
  if (nanos === 0n) return "0";
  const steps = Object.entries(decimalPower).toSorted(([, one], [, other]) => one - other);
  const fitting = steps.filter(([, power]) => nanos % 10n ** BigInt(power + 9) === 0n);
  const [suffix, power] = fitting.at(-1) ?? ["n", -9];
  const amount = nanos / 10n ** BigInt(power + 9);
  if (!withExponent) return `${amount}${suffix}`;
  return power === 0 ? `${amount}` : `${amount}e${power}`;
}
