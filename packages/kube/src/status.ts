import { z } from "zod";
import type { KubeErrorCause, KubeErrorDetails } from "./kube-error.ts";

const text = z.string().min(1).optional().catch(undefined);
const positive = z.number().positive().optional().catch(undefined);

const Cause = z.object({ field: text, reason: text, message: z.string().catch("") });

const Status = z.object({
  kind: z.literal("Status"),
  code: positive,
  reason: text,
  message: text,
  details: z
    .object({ causes: z.array(Cause).catch([]), retryAfterSeconds: positive })
    .partial()
    .catch({}),
});

/** What a Kubernetes Status says; undefined when the value is none. */
export function statusFrom(body: unknown): Partial<KubeErrorDetails> | undefined {
  const parsed = Status.partial({ details: true }).safeParse(body);
  if (!parsed.success) return undefined;
  const { code, reason, message, details = {} } = parsed.data;
  const seconds = details.retryAfterSeconds;
  return withoutUndefined({
    code,
    reason,
    message: message?.slice(0, 4_000),
    retryAfterMs: seconds === undefined ? undefined : seconds * 1000,
    fields: details.causes?.map((cause): KubeErrorCause => ({
      ...withoutUndefined(cause),
      message: cause.message,
    })),
  });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
