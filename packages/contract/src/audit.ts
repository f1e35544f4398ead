import { z } from "zod";

/** One thing somebody did, or was refused. Rows are appended only; `hash` chains each to the one before. */
export const AuditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  /** For example `cluster.create`, `migration.start`. */
  action: z.string(),
  /** What it was done to, for example `MigPlan openshift-migration/ledger`. */
  object: z.string(),
  address: z.string(),
  decision: z.enum(["allowed", "denied"]),
  outcome: z.enum(["pending", "succeeded", "failed"]),
  detail: z.string().optional(),
  requestId: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** `GET /api/audit?page=&perPage=`: newest first. */
export const AuditQuery = z.object({
  page: z.coerce.number().int().min(1).default(1),
  perPage: z.coerce.number().int().min(1).max(200).default(50),
});
export const AuditPage = z.object({ items: z.array(AuditEntry), total: z.number().int() });
export type AuditPage = z.infer<typeof AuditPage>;
