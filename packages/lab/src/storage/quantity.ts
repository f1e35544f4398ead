const powers: Readonly<Record<string, number>> = {
  "": 1,
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

/** The bytes a storage quantity such as `10Gi` stands for; 0 for what is none. */
export function bytesOf(quantity: string | number | undefined): number {
  const [, digits = "0", exponent, suffix = ""] =
    /^([+-]?[\d.]+)(e[+-]?\d+)?(m|[kMGTPE]i?|Ki)?$/i.exec(String(quantity ?? "0")) ?? [];
  return Number(digits + (exponent ?? "")) * (powers[suffix] ?? 0);
}
