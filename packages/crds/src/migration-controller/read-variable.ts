import type { MigrationController } from "./migration-controller.ts";
import { migrationControllerVariables } from "./variables.ts";
import type { VariableName } from "./variables.ts";
import type { VariableType, VariableValue } from "./variable.ts";

type TypeOf<Name extends VariableName> = (typeof migrationControllerVariables)[Name]["type"];

/** What a variable says: its value, that it is absent (with the default), or that it cannot be read. */
export type VariableReading<Name extends VariableName> =
  | { readonly state: "set"; readonly value: VariableValue<TypeOf<Name>> }
  | { readonly state: "absent"; readonly value: VariableValue<TypeOf<Name>> | undefined }
  | { readonly state: "unreadable"; readonly message: string };

/**
 * Reads one variable of a MigrationController. Accepts camelCase keys, and booleans and numbers written as text,
 * as upstream's operator does.
 */
export function readVariable<Name extends VariableName>(
  controller: Pick<MigrationController, "spec"> | undefined,
  name: Name,
): VariableReading<Name> {
  const { type, default: whenAbsent } = migrationControllerVariables[name];
  const raw = controller === undefined ? undefined : rawValue(controller.spec, name);
  if (raw === undefined || raw === null) {
    return { state: "absent", value: whenAbsent as VariableValue<TypeOf<Name>> | undefined };
  }
  const value = readers[type](raw);
  return value === undefined
    ? { state: "unreadable", message: `${name} must be ${wanted[type]}.` }
    : { state: "set", value: value as VariableValue<TypeOf<Name>> };
}

function rawValue(spec: Readonly<Record<string, unknown>>, name: string): unknown {
  return (
    spec[name] ?? spec[name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())]
  );
}

const wanted: Record<VariableType, string> = {
  boolean: "true or false",
  integer: "a whole number",
  string: "text",
  strings: "a list of text",
  integers: "a list of whole numbers",
  map: "a map of text to text",
};

const readers: { readonly [T in VariableType]: (raw: unknown) => VariableValue<T> | undefined } = {
  boolean: readBoolean,
  integer: readInteger,
  string: readString,
  strings: (raw) => readList(raw, readString),
  integers: (raw) => readList(raw, readInteger),
  map: readMap,
};

function readBoolean(raw: unknown): boolean | undefined {
  if (typeof raw === "boolean") return raw;
  const text = String(raw).toLowerCase();
  if (["true", "yes", "on", "t", "y", "1"].includes(text)) return true;
  return ["false", "no", "off", "f", "n", "0"].includes(text) ? false : undefined;
}

function readInteger(raw: unknown): number | undefined {
  if (typeof raw === "number") return Number.isSafeInteger(raw) ? raw : undefined;
  return typeof raw === "string" && /^\s*[+-]?\d+\s*$/.test(raw) ? Number(raw) : undefined;
}

function readString(raw: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof raw) ? String(raw) : undefined;
}

function readList<T>(raw: unknown, read: (item: unknown) => T | undefined): T[] | undefined {
  const items = Array.isArray(raw)
    ? raw
    : String(raw)
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
  const values = items.map(read);
  return values.every((value) => value !== undefined) ? (values as T[]) : undefined;
}

function readMap(raw: unknown): Record<string, string> | undefined {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return undefined;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, String(value)]));
}
