import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor } from "../access/actor.ts";
import type { Config } from "../config.ts";
import type { UserConnections } from "../host/user-connections.ts";
import { sessionCookie } from "../session/cookies.ts";
import type { SessionStore } from "../session/session-store.ts";

type AuthenticationDeps = {
  readonly config: Config;
  readonly sessions: SessionStore;
  readonly users: UserConnections;
};

/** Finds out who asks. Whether they may is the access rule's matter. */
export function installAuthentication(app: FastifyInstance, deps: AuthenticationDeps): void {
  const { name } = sessionCookie(deps.config);
  const findActor = async (request: FastifyRequest): Promise<Actor | null> => {
    const cookie = request.cookies[name];
    if (cookie === undefined || request.routeOptions.config.access?.kind === "anyone") return null;
    const session = await deps.sessions.find(cookie);
    if (session === undefined) return null;
    return {
      name: session.userName,
      session,
      cluster: deps.users.for(session),
      address: request.ip,
      requestId: request.id,
    };
  };
  app.decorateRequest("actor", null);
  app.addHook("onRequest", async (request) => {
    request.actor = await findActor(request);
  });
}
