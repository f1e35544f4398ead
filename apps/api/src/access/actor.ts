import type { Cluster } from "@drover/kube";
import type { FastifyRequest } from "fastify";
import { AppError } from "../app-error.ts";
import type { ActiveSession } from "../session/session-store.ts";

/** Who asks, with a connection to the host cluster that carries their own token. */
export type Actor = {
  readonly name: string;
  readonly session: ActiveSession;
  readonly cluster: Cluster;
  readonly address: string;
  readonly requestId: string;
};

declare module "fastify" {
  interface FastifyRequest {
    actor: Actor | null;
  }
}

/** The signed-in person. Routes whose rule asks for one always have one. */
export function requireActor(request: Pick<FastifyRequest, "actor">): Actor {
  if (request.actor === null) throw new AppError("UNAUTHENTICATED", "Sign in to continue.");
  return request.actor;
}
