import { z } from "zod";

/** One of the named values, or one that a newer version of upstream may know. */
export type OpenString<Known extends string> = Known | (string & {});

/** A string whose known values are named in its type; others are kept. */
export function openString<const Known extends string>(
  ...known: readonly Known[]
): z.ZodType<OpenString<Known>, OpenString<Known>> {
  return z.string().describe(`One of: ${known.filter((value) => value !== "").join(", ")}.`);
}

/** Like `openString`, and the CustomResourceDefinition refuses other values. */
export function closedString<const Known extends string>(
  ...known: readonly Known[]
): z.ZodType<OpenString<Known>, OpenString<Known>> {
  return z.string().meta({ enum: [...known] });
}
