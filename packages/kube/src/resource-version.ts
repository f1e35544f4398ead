/**
 * True when `version` is certainly older than `other`. Versions of a resource are opaque, yet every API server counts
 * them up; where one is no number, nothing is certain.
 */
export function isOlderVersion(version: string, other: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(other)) return false;
  return version.length === other.length ? version < other : version.length < other.length;
}
