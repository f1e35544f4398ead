type Format = "binary" | "decimal" | "exponent";

/** An exact quantity: `nano` billionths, to be written in its format. */
type Quantity = { readonly nano: bigint; readonly format: Format };

const NANO = 10n ** 9n;
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: Readonly<Record<string, number>> = {
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
const PATTERN = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)((?:[KMGTPE]i)|[numkMGTPE]?|[eE][+-]?\d+)$/;

/** What Kubernetes says of something that is not a quantity. */
export const NOT_A_QUANTITY =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** The quantity in canonical form (`1024Mi` becomes `1Gi`); undefined when it is none. */
export function canonicalQuantity(value: unknown): string | undefined {
  const quantity = parseQuantity(value);
  return quantity === undefined ? undefined : formatQuantity(quantity);
}

/** Compares two quantities; undefined when either is none. */
export function compareQuantities(left: unknown, right: unknown): number | undefined {
  const [a, b] = [parseQuantity(left), parseQuantity(right)];
  if (a === undefined || b === undefined) return undefined;
  if (a.nano === b.nano) return 0;
  return a.nano < b.nano ? -1 : 1;
}

/** What quantities come to together, in the form of the first that is not nothing; what is no quantity counts as nothing. */
export function sumOf(...values: readonly unknown[]): string {
  let sum: Quantity = { nano: 0n, format: "decimal" };
  for (const value of values) {
    const next = parseQuantity(value);
    if (next === undefined) continue;
    sum = { nano: sum.nano + next.nano, format: sum.nano === 0n ? next.format : sum.format };
  }
  return formatQuantity(sum);
}

/** One quantity less another. */
export function differenceOf(value: unknown, less: unknown): string {
  const { nano, format } = parseQuantity(less) ?? { nano: 0n, format: "decimal" };
  return sumOf(value, formatQuantity({ nano: -nano, format }));
}

/** How many times one quantity is another; infinite where the other is nothing. */
export function ratioOf(value: unknown, by: unknown): number {
  const [a, b] = [parseQuantity(value)?.nano ?? 0n, parseQuantity(by)?.nano ?? 0n];
  return b === 0n ? Infinity : Number(a) / Number(b);
}

function parseQuantity(value: unknown): Quantity | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, sign = "", digits = "", suffix = ""] = match;
  const magnitude = scaled(digits, suffix);
  const nano = sign === "-" ? -magnitude : magnitude;
  return { nano, format: formatOf(suffix) };
}

function formatOf(suffix: string): Format {
  if (suffix.endsWith("i")) return "binary";
  return /^[eE][+-]?\d/.test(suffix) ? "exponent" : "decimal";
}

/** The number in billionths, rounded up, as Kubernetes does with what is finer than that. */
function scaled(digits: string, suffix: string): bigint {
  const [whole = "", fraction = ""] = digits.split(".");
  const mantissa = BigInt(`${whole}${fraction}` || "0");
  const binary = BINARY.indexOf(suffix);
  if (suffix !== "" && binary > 0) {
    return divideUp(mantissa * NANO * 1024n ** BigInt(binary), 10n ** BigInt(fraction.length));
  }
  const exponent =
    formatOf(suffix) === "exponent" ? Number(suffix.slice(1)) : (DECIMAL[suffix] ?? 0);
  const power = exponent + 9 - fraction.length;
  if (power >= 0) return mantissa * 10n ** BigInt(power);
  return divideUp(mantissa, 10n ** BigInt(-power));
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return "0";
  const sign = nano < 0n ? "-" : "";
  const magnitude = nano < 0n ? -nano : nano;
  if (format === "binary" && magnitude % NANO === 0n && magnitude / NANO >= 1024n) {
    return sign + formatBinary(magnitude / NANO);
  }
  return sign + formatDecimal(magnitude, format === "exponent");
}

function formatBinary(value: bigint): string {
  let [rest, power] = [value, 0];
  while (rest % 1024n === 0n && power < BINARY.length - 1) {
    rest /= 1024n;
    power += 1;
  }
  return `${rest}${BINARY[power] ?? ""}`;
}

function formatDecimal(magnitude: bigint, exponential: boolean): string {
  let [rest, exponent] = [magnitude, -9];
  while (rest % 1000n === 0n && exponent < 18) {
    rest /= 1000n;
    exponent += 3;
  }
  if (exponential) return exponent === 0 ? String(rest) : `${rest}e${exponent}`;
  const suffix = Object.entries(DECIMAL).find(([, power]) => power === exponent)?.[0] ?? "";
  return `${rest}${suffix}`;
}
