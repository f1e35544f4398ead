import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { ScalarType } from "../schema/field-schema.ts";
import { fieldAt, textAt } from "./message-fields.ts";

/** A scalar of a message as JSON writes it; null for a time that is not set. */
export function scalarValue(type: ScalarType, raw: unknown): unknown {
  switch (type) {
    case "time":
      return timeValue(raw as ReflectMessage, 0);
    case "quantity":
      return textAt(raw as ReflectMessage, 1) || "0";
    case "int-or-string":
      return intOrString(raw as ReflectMessage);
    case "bytes":
      return Buffer.from(raw as Uint8Array).toString("base64");
    default:
      return typeof raw === "bigint" ? Number(raw) : raw;
  }
}

const IS_TEXT = 1n;

function intOrString(message: ReflectMessage): number | string {
  return fieldAt(message, 1) === IS_TEXT ? textAt(message, 3) : Number(fieldAt(message, 2) ?? 0);
}

/** A time with so many digits of a second; null for Go's zero time, which is written as an empty message. */
export function timeValue(message: ReflectMessage, digits: number): string | null {
  const [seconds, nanos] = [fieldAt(message, 1), fieldAt(message, 2)];
  if (seconds === undefined && nanos === undefined) return null;
  const whole = new Date(Number(seconds ?? 0n) * 1000).toISOString().slice(0, 19);
  const fraction = String(nanos ?? 0)
    .padStart(9, "0")
    .slice(0, digits);
  return `${whole}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** What a message holds as JSON text; null when it holds nothing. */
export function rawValue(message: ReflectMessage): unknown {
  const bytes = fieldAt(message, 1);
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) return null;
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown;
}
