import { Session, SessionSummary } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { signedIn } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import { sessionCookie } from "./cookies.ts";
import { describeSession } from "./describe-session.ts";
import { endOwnSession, endSession } from "./end-session.ts";
import type { SessionDeps } from "./session-deps.ts";

const SessionList = z.object({ items: z.array(SessionSummary) });
const NoBody = z.strictObject({}).nullish();

export const sessionRoutes =
  (deps: SessionDeps, product: Session["product"]): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    const cookie = sessionCookie(deps.config);

    app.get(
      "/session",
      { config: { access: signedIn("own session") }, schema: { response: { 200: Session } } },
      (request) => describeSession(deps, requireActor(request), product),
    );

    app.post(
      "/session/sign-out",
      {
        config: {
          access: signedIn("own session"),
          audit: { action: "session.end", object: "Session (own)" },
        },
        schema: { body: NoBody, response: { 204: z.null() } },
      },
      async (request, reply) => {
        const { revocationFailure } = await endSession(deps, requireActor(request).session);
        if (revocationFailure !== undefined)
          request.log.warn({ err: revocationFailure }, "token was not revoked on the cluster");
        return reply.clearCookie(cookie.name, cookie.options).code(204).send(null);
      },
    );

    app.get(
      "/sessions",
      { config: { access: signedIn("own sessions") }, schema: { response: { 200: SessionList } } },
      async (request) => {
        const actor = requireActor(request);
        const sessions = await deps.sessions.listOf(actor.name);
        return {
          items: sessions.map((session) => ({
            id: session.publicId,
            current: session.id === actor.session.id,
            startedAt: session.createdAt.toISOString(),
            lastUsedAt: session.lastUsedAt.toISOString(),
            address: session.address,
            userAgent: session.userAgent,
          })),
        };
      },
    );

    app.delete(
      "/sessions/:id",
      {
        config: {
          access: signedIn("own sessions"),
          audit: { action: "session.end", object: "Session {id}" },
        },
        schema: { params: z.object({ id: z.uuid() }), response: { 204: z.null() } },
      },
      async (request, reply) => {
        await endOwnSession(deps, requireActor(request), request.params.id);
        return reply.code(204).send(null);
      },
    );
    ready();
  };
