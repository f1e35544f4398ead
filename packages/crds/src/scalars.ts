import { z } from "zod";

/** A moment as Kubernetes writes it, RFC 3339. */
export const Time = z.string().meta({ format: "date-time" });

/** A Go duration such as `1m20s`. */
export const GoDuration = z.string();

/** Bytes in base64. */
export const Base64 = z.string().meta({ format: "byte" });

export const Int32 = z.int().meta({ format: "int32" });
export const Int64 = z.int().meta({ format: "int64" });

/** A port or an amount, given as a number or a string. */
export const IntOrString = z
  .union([z.int(), z.string()])
  .meta({ "x-kubernetes-int-or-string": true });

/** Any object, kept as it is. */
export const AnyObject = z.record(z.string(), z.unknown());

export const StringMap = z.record(z.string(), z.string());
