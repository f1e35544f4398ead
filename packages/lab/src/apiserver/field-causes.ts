import type { Cause } from "./http/status-error.ts";
import type { Fields } from "./json.ts";

/** Field errors in the words of Kubernetes' `field` package. */
export function required(field: string, detail = ""): Cause {
  const message = detail === "" ? "Required value" : `Required value: ${detail}`;
  return { reason: "FieldValueRequired", message, field };
}

export function invalidValue(field: string, value: unknown, detail: string): Cause {
  const message = `Invalid value: ${quoted(value)}: ${detail}`;
  return { reason: "FieldValueInvalid", message, field };
}

/** A structural schema's type error; `shown` is the type found. */
export function typeInvalid(field: string, shown: string, detail: string): Cause {
  const message = `Invalid value: "${shown}": ${detail}`;
  return { reason: "FieldValueTypeInvalid", message, field };
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): Cause {
  const list = supported.map((item) => JSON.stringify(item)).join(", ");
  const message = `Unsupported value: ${quoted(value)}: supported values: ${list}`;
  return { reason: "FieldValueNotSupported", message, field };
}

export function forbiddenField(field: string, detail: string): Cause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${detail}`, field };
}

export function duplicate(field: string, value: unknown): Cause {
  return { reason: "FieldValueDuplicate", message: `Duplicate value: ${quoted(value)}`, field };
}

export function missingReference(field: string, value: unknown): Cause {
  return { reason: "FieldValueNotFound", message: `Not found: ${quoted(value)}`, field };
}

/** A map of strings as Go prints it. */
export function goMap(map: Fields): string {
  const entries = Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
  const shown = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return entries.length === 0 ? "map[string]string(nil)" : `map[string]string{${shown.join(", ")}}`;
}

function quoted(value: unknown): string {
  return value === undefined ? "null" : JSON.stringify(value);
}
