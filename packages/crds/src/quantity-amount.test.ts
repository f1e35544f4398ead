import { describe, expect, it } from "vitest";
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  maxQuantity,
  parseQuantity,
  percentOfQuantity,
  quantityToBytes,
  quantityToNumber,
  readQuantity,
} from "./index.ts";

describe("a quantity", () => {
  // Written form, and the form and value that Kubernetes gives it.
  it.each([
    ["0", "0", 0],
    ["1", "1", 1],
    ["+5", "5", 5],
    ["-5", "-5", -5],
    ["1.5", "1500m", 1.5],
    [".5", "500m", 0.5],
    ["5.", "5", 5],
    ["100m", "100m", 0.1],
    ["1000m", "1", 1],
    ["1500m", "1500m", 1.5],
    ["5u", "5u", 0.000005],
    ["7n", "7n", 7e-9],
    ["0.5n", "1n", 1e-9],
    ["1k", "1k", 1000],
    ["1000", "1k", 1000],
    ["1M", "1M", 1e6],
    ["2G", "2G", 2e9],
    ["3T", "3T", 3e12],
    ["4P", "4P", 4e15],
    ["1E", "1E", 1e18],
    ["1e3", "1e3", 1000],
    ["1E3", "1e3", 1000],
    ["12e6", "12e6", 12e6],
    ["1e-3", "1e-3", 0.001],
    ["1.5e3", "1500", 1500],
    ["1Ki", "1Ki", 1024],
    ["1024", "1024", 1024],
    ["1024Ki", "1Mi", 1048576],
    ["1.5Gi", "1536Mi", 1610612736],
    ["10Gi", "10Gi", 10737418240],
    ["2Ti", "2Ti", 2199023255552],
    ["1Pi", "1Pi", 1125899906842624],
    ["1Ei", "1Ei", 1152921504606846976],
    ["0.5Ki", "512", 512],
    ["-1Ki", "-1Ki", -1024],
    [5, "5", 5],
    [1.5, "1500m", 1.5],
  ])("%s is %s", (written, canonical, value) => {
    expect(formatQuantity(parseQuantity(written))).toBe(canonical);
    expect(quantityToNumber(written)).toBeCloseTo(value, 9);
  });

  it.each([
    "",
    "ten",
    "1 Gi",
    "1gi",
    "1KI",
    "1Kib",
    "--1",
    "1e",
    "1e1.5",
    ".",
    "1Gi ",
    "0x10",
    "1K",
  ])("is not %j", (written) => {
    expect(readQuantity(written)).toBeUndefined();
  });

  it("names the text and a right form when it cannot be read", () => {
    expect(() => parseQuantity("lots")).toThrow(
      '"lots" is not a quantity. Write a number with an optional unit, such as 500m, 2 or 10Gi.',
    );
  });

  it("survives writing and reading without loss, whatever its size", () => {
    for (const suffix of [
      "",
      "n",
      "u",
      "m",
      "k",
      "M",
      "G",
      "T",
      "P",
      "E",
      "Ki",
      "Mi",
      "Gi",
      "Ti",
      "Pi",
      "Ei",
      "e3",
      "e-6",
    ]) {
      for (const digits of [
        "0",
        "1",
        "7",
        "999",
        "1000",
        "1023",
        "1024",
        "1025",
        "123456789",
        "1.5",
      ]) {
        const first = parseQuantity(digits + suffix);
        const second = parseQuantity(formatQuantity(first));
        expect([digits, suffix, second.nanos]).toEqual([digits, suffix, first.nanos]);
      }
    }
  });

  it("is compared, added and scaled exactly", () => {
    expect(compareQuantities("1Gi", "1G")).toBe(1);
    expect(compareQuantities("1024Mi", "1Gi")).toBe(0);
    expect(compareQuantities("999m", "1")).toBe(-1);
    expect(addQuantities("1Gi", "512Mi")).toBe("1536Mi");
    expect(addQuantities("0", "100m", "900m")).toBe("1");
    expect(addQuantities()).toBe("0");
    expect(maxQuantity("10Gi", "9G", "10Gi")).toBe("10Gi");
    expect(maxQuantity()).toBeUndefined();
    expect(percentOfQuantity("10Gi", 103)).toBe("11059540788");
  });

  it("counts bytes upwards, and nothing for what cannot be read", () => {
    expect(quantityToBytes("1.5Gi")).toBe(1610612736);
    expect(quantityToBytes("1500m")).toBe(2);
    expect(quantityToBytes("lots")).toBe(0);
  });
});
