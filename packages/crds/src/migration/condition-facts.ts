import type { ConditionCategory } from "../condition.ts";

/** What is known of a condition type: its category (or categories) and the reasons it comes with. */
export type ConditionFacts = {
  readonly category: ConditionCategory | readonly ConditionCategory[];
  readonly reasons?: readonly string[];
  /** True for entries that stay until they are removed. */
  readonly durable?: true;
};

/** Condition types with what is known of them. */
export type ConditionCatalogue = Readonly<Record<string, ConditionFacts>>;

// Facts that several types share.
export const notSetOrFound = { category: "Critical", reasons: ["NotSet", "NotFound"] } as const;
export const notReady = { category: "Critical", reasons: ["NotReady"] } as const;
export const critical = { category: "Critical" } as const;
export const warn = { category: "Warn" } as const;
export const error = { category: "Error" } as const;
export const required = { category: "Required" } as const;
export const notSupported = { category: "Critical", reasons: ["NotSupported"] } as const;
export const warnNotReady = { category: "Warn", reasons: ["NotReady"] } as const;
export const testFailed = { category: "Critical", reasons: ["TestFailed"] } as const;
export const proxySecret = { category: "Critical", reasons: ["Conflict", "KeyNotFound"] } as const;
export const duplicate = { category: "Critical", reasons: ["DuplicateNamespaces"] } as const;
export const notFound = { category: "Critical", reasons: ["NotFound"] } as const;
export const limitExceeded = { category: "Warn", reasons: ["LimitExceeded"] } as const;
export const done = { category: "Required", reasons: ["Done"] } as const;
export const notDone = { category: "Error", reasons: ["NotDone"] } as const;
export const durableWarn = { category: "Warn", durable: true } as const;
export const durableRequired = { category: "Required", durable: true } as const;
export const notSet = { category: "Critical", reasons: ["NotSet"] } as const;
export const warnFailed = { category: "Warn", reasons: ["Failed"] } as const;

/** Conditions that any migration resource may carry. */
export const anyKindConditions = {
  Ready: required,
  ReconcileFailed: critical,
} as const satisfies ConditionCatalogue;

/** Conditions of the resources that run through phases. */
export const runConditions = {
  Running: { category: "Advisory" },
  Succeeded: { category: "Advisory", reasons: ["Completed"], durable: true },
} as const satisfies ConditionCatalogue;
