import { isIPv4, isIPv6 } from "node:net";

const PATTERNS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  uuid: /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/,
  email: /^[^\s@]+@[^\s@]+$/,
  hostname: /^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$/,
  duration: /^(-?\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w))+$|^\d+ ?\w+$/,
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  mac: /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/,
  cidr: /^[0-9a-fA-F:.]+\/\d+$/,
};

const TESTS: Readonly<Record<string, (value: string) => boolean>> = {
  "date-time": (value) => /^\d{4}-\d{2}-\d{2}[Tt ]/.test(value) && !Number.isNaN(Date.parse(value)),
  ipv4: isIPv4,
  ipv6: isIPv6,
  uri: (value) => URL.canParse(value) || value.startsWith("/"),
};

/** Why a string is not of a format; undefined when it is, or when the format is not one that is checked. */
export function formatProblem(format: string, value: string): string | undefined {
  const pattern = PATTERNS[format];
  const fits = TESTS[format]?.(value) ?? pattern?.test(value) ?? true;
  return fits ? undefined : `not a valid ${format}`;
}
