import type { FastifyReply, FastifyRequest } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { anyone } from "../access/access-rule.ts";
import { beginSignIn } from "./begin-sign-in.ts";
import { sessionCookie, signInCookie } from "./cookies.ts";
import { finishSignIn } from "./finish-sign-in.ts";
import { hopPage } from "./hop-page.ts";
import type { Caller, SessionDeps } from "./session-deps.ts";

function callerOf(request: FastifyRequest): Caller {
  return {
    host: request.host,
    address: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    requestId: request.id,
  };
}

const perMinute = 60;

/** `GET /api/auth/login` and the way back from the OAuth server. */
export const signInRoutes =
  (deps: SessionDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    const forSession = sessionCookie(deps.config);
    const forSignIn = signInCookie(deps.config);
    const config = {
      access: anyone("sign in"),
      untyped: true,
      crossSite: true,
      rateLimit: {
        max: perMinute,
        timeWindow: "1 minute",
        keyGenerator: (request: FastifyRequest) => request.ip,
      },
    };

    app.get(
      "/auth/login",
      { config, schema: { querystring: z.object({ returnTo: z.string().optional() }) } },
      async (request, reply) => {
        const begun = await beginSignIn(deps, callerOf(request), {
          returnTo: request.query.returnTo,
          sessionCookie: request.cookies[forSession.name],
        }).catch((error: unknown) => {
          request.log.error({ err: error }, "sign-in could not begin");
          return undefined;
        });
        if (begun === undefined) return reply.redirect("/sign-in?error=unavailable");
        return reply
          .header("cache-control", "no-store")
          .setCookie(forSignIn.name, begun.cookie, forSignIn.options)
          .redirect(begun.location.href);
      },
    );

    app.get("/auth/callback", { config }, async (request, reply): Promise<FastifyReply> => {
      const outcome = await finishSignIn(deps, callerOf(request), {
        cookie: request.cookies[forSignIn.name],
        search: new URL(request.url, "http://origin.invalid").search,
      });
      reply.header("cache-control", "no-store").clearCookie(forSignIn.name, forSignIn.options);
      if (!outcome.ok) {
        request.log.warn({ err: outcome.cause, failure: outcome.failure }, "sign-in failed");
        return reply.redirect(`/sign-in?error=${outcome.failure}`);
      }
      return reply
        .setCookie(forSession.name, outcome.cookie, forSession.options)
        .type("text/html; charset=utf-8")
        .send(hopPage(outcome.returnTo));
    });
    ready();
  };
