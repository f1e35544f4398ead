import { z } from "zod";

const masked = "(masked)";

function isWriteOnly(schema: z.core.$ZodType): boolean {
  return z.globalRegistry.get(schema)?.["writeOnly"] === true;
}

function maskObject(schema: z.core.$ZodObject, value: object): unknown {
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema._zod.def.shape;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const field = shape[key];
      return [key, field === undefined ? masked : maskSecrets(field, entry)];
    }),
  );
}

/**
 * A copy of `value` without what its schema declares `writeOnly`, and without what the schema does not know.
 * Deciding by schema, not by field name, is what keeps a new secret field out of the trail.
 */
export function maskSecrets(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (isWriteOnly(schema)) return masked;
  const { def } = schema._zod;
  if ("innerType" in def) return maskSecrets(def.innerType as z.core.$ZodType, value);
  if (schema instanceof z.core.$ZodObject && typeof value === "object")
    return maskObject(schema, value);
  if (schema instanceof z.core.$ZodArray && Array.isArray(value))
    return value.map((entry) => maskSecrets(schema._zod.def.element, entry));
  return value;
}
