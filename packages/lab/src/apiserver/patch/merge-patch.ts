import { isFields } from "../json.ts";

/**
 * RFC 7386: null removes, objects merge, everything else replaces. As on a real server, what takes a place also loses
 * the nulls inside of its lists, except where a list takes the place of an object.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return isFields(target) ? patch : withoutNulls(patch);
  const result = isFields(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = mergePatch(result[field], value);
  }
  return result;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}
