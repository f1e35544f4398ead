import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { requireActor } from "../access/actor.ts";
import type { AuditTrail } from "../audit/audit-trail.ts";
import { maskSecrets } from "../audit/mask-secrets.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The row that announced what this request is about to do. */
    auditSequence: number | null;
  }
}

function fieldOf(source: unknown, key: string): string | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  const value = (source as Readonly<Record<string, unknown>>)[key];
  return typeof value === "string" ? value : undefined;
}

function objectOf(request: FastifyRequest, template: string): string {
  return template.replaceAll(
    /\{(\w+)\}/g,
    (_, key: string) => fieldOf(request.params, key) ?? fieldOf(request.body, key) ?? "(unnamed)",
  );
}

function payloadOf(request: FastifyRequest): unknown {
  const schema = request.routeOptions.schema?.body as z.core.$ZodType | undefined;
  return schema === undefined ? undefined : maskSecrets(schema, request.body);
}

function rowOf(request: FastifyRequest, audited: { action: string; object: string }) {
  const actor = requireActor(request);
  return {
    actor: actor.name,
    action: audited.action,
    object: objectOf(request, audited.object),
    address: actor.address,
    requestId: actor.requestId,
    decision: "allowed" as const,
  };
}

/** A row before the act and its outcome after. When the first cannot be written, the act does not happen. */
export function installAudit(app: FastifyInstance, audit: AuditTrail): void {
  app.decorateRequest("auditSequence", null);
  app.addHook("preHandler", async (request) => {
    const audited = request.routeOptions.config.audit;
    if (audited === undefined) return;
    request.auditSequence = await audit.append({
      ...rowOf(request, audited),
      outcome: "pending",
      payload: payloadOf(request),
    });
  });
  app.addHook("onSend", async (request, reply) => {
    const audited = request.routeOptions.config.audit;
    if (audited === undefined || request.auditSequence === null) return;
    const outcomeOf = request.auditSequence;
    request.auditSequence = null;
    const detail = request.problem?.detail;
    await audit
      .append({
        ...rowOf(request, audited),
        outcome: reply.statusCode < 400 ? "succeeded" : "failed",
        outcomeOf,
        ...(detail === undefined ? {} : { detail }),
      })
      // The act is done and its announcement stands as pending; taking the answer away would hide that it happened.
      .catch((error: unknown) =>
        request.log.error({ err: error }, "audit outcome was not written"),
      );
  });
}
