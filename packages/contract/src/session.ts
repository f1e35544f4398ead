import { z } from "zod";

/** What a person may do; each names the Kubernetes right it rests on. */
export const Permission = z.enum([
  "clusters.write",
  "storages.write",
  "plans.write",
  "migrations.write",
  "hooks.write",
  "audit.read",
]);
export type Permission = z.infer<typeof Permission>;

/** Whether it is allowed, and for a refusal the sentence a disabled button shows. */
export const PermissionVerdict = z.object({ allowed: z.boolean(), reason: z.string().optional() });
export type PermissionVerdict = z.infer<typeof PermissionVerdict>;

/** `GET /api/session`: who is signed in, to what, with which rights. 401 when nobody is. */
export const Session = z.object({
  user: z.object({ name: z.string(), groups: z.array(z.string()) }),
  expiresAt: z.iso.datetime(),
  /** Sent back in `x-csrf-token` on every request that changes something. */
  csrfToken: z.string(),
  permissions: z.record(Permission, PermissionVerdict),
  host: z.object({ name: z.string(), url: z.string(), version: z.string() }),
  /** The namespace that holds the migration resources. */
  namespace: z.string(),
  product: z.object({ version: z.string(), lab: z.boolean() }),
});
export type Session = z.infer<typeof Session>;

/**
 * `GET /api/sessions` lists a person's own sessions, `DELETE /api/sessions/:id` ends one,
 * `POST /api/session/sign-out` ends this one and revokes its token.
 */
export const SessionSummary = z.object({
  id: z.string(),
  current: z.boolean(),
  startedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  address: z.string(),
  userAgent: z.string(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;
