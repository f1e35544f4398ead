import { KubeError } from "@drover/kube";
import type { FastifyInstance, RouteOptions } from "fastify";
import type { AccessReviewer } from "../access/access-reviewer.ts";
import type { AccessRule, AccessScope } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { SessionStore } from "../session/session-store.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call this route; without it, it does not register. */
    access?: AccessRule;
    /** What the audit trail calls it; every route that changes something has one. */
    audit?: AuditedAction;
    /** Answers without JSON: a stream, a redirect, a page, nothing. */
    untyped?: boolean;
    /** Reached by navigation from another site: the way back from the OAuth server. */
    crossSite?: boolean;
    /** Asked by machines under any host name. */
    probe?: boolean;
  }
}

/** `object` names what it was done to; `{name}` stands for the parameter or body field `name`. */
export type AuditedAction = { readonly action: string; readonly object: string };

/** One line per route: what the table of routes shows. */
export type RouteAccess = { readonly route: string; readonly access: string };

type AccessDeps = {
  readonly config: AccessScope;
  readonly reviewer: AccessReviewer;
  readonly audit: AuditTrail;
  readonly sessions: Pick<SessionStore, "end">;
};

const safeMethods = new Set(["GET", "HEAD"]);

function refuseOpenDoor(route: RouteOptions): void {
  const name = `${String(route.method)} ${route.url}`;
  if (route.config?.access === undefined) throw new Error(`${name} has no access rule.`);
  const isUnsafe = [route.method].flat().some((method) => !safeMethods.has(method));
  if (isUnsafe && route.config.audit === undefined) throw new Error(`${name} is not audited.`);
  if (route.config.untyped !== true && route.schema?.response === undefined)
    throw new Error(`${name} does not declare what it answers.`);
}

/** The cluster does not know the person's token any more: they were removed, or signed out elsewhere. */
async function endRevoked(deps: AccessDeps, actor: Actor, error: unknown): Promise<never> {
  if (!(error instanceof KubeError && error.isUnauthorized)) throw error;
  await deps.sessions.end(actor.session.id);
  throw new AppError("UNAUTHENTICATED", "The cluster has ended your session. Sign in again.", {
    cause: error,
  });
}

/** Deny by default: a route without a rule does not register, a request that does not satisfy it goes no further. */
export function installAccess(app: FastifyInstance, deps: AccessDeps): readonly RouteAccess[] {
  const routes: RouteAccess[] = [];
  app.addHook("onRoute", (route) => {
    refuseOpenDoor(route);
    const { kind, text } = route.config?.access ?? { kind: "closed", text: "" };
    routes.push({ route: `${String(route.method)} ${route.url}`, access: `${kind}: ${text}` });
  });
  app.addHook("onRequest", async (request) => {
    const rule = request.routeOptions.config.access;
    // Only the handler for unknown paths has none, and it answers 404 whoever asks.
    if (rule === undefined || rule.kind === "anyone") return;
    const actor = requireActor(request);
    if (rule.kind === "signed-in") return;
    const params = request.params as Readonly<Record<string, string | undefined>>;
    const questions = rule.questions(deps.config, params);
    const verdict = await deps.reviewer
      .reviewAll(actor, questions)
      .catch((error: unknown) => endRevoked(deps, actor, error));
    if (verdict.allowed) return;
    const { audit } = request.routeOptions.config;
    if (audit !== undefined)
      await deps.audit.append({
        actor: actor.name,
        action: audit.action,
        object: audit.object.replaceAll(
          /\{(\w+)\}/g,
          (_, key: string) => params[key] ?? "(unnamed)",
        ),
        address: actor.address,
        requestId: actor.requestId,
        decision: "denied",
        outcome: "failed",
        detail: verdict.reason,
      });
    throw new AppError("FORBIDDEN", verdict.reason);
  });
  return routes;
}
