import { isDeepStrictEqual } from "node:util";

type Json = Record<string, unknown>;

/** The JSON merge patch (RFC 7386) that turns `before` into `after`; undefined when nothing differs. */
export function mergePatch(before: Json, after: Json): Json | undefined {
  const patch: Json = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = changeOf(before[key], after[key]);
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function changeOf(before: unknown, after: unknown): unknown {
  if (isDeepStrictEqual(before, after)) return undefined;
  // Null is how a merge patch says "remove"; the server keeps no nulls either way.
  if (after === undefined || after === null) return before === undefined ? undefined : null;
  if (isJson(before) && isJson(after)) return mergePatch(before, after);
  return after;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
