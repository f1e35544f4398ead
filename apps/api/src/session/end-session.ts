import { UserOAuthAccessToken } from "@drover/crds";
import { AppError } from "../app-error.ts";
import type { Actor } from "../access/actor.ts";
import { accessTokenName } from "./oauth-server.ts";
import type { SessionDeps } from "./session-deps.ts";
import type { ActiveSession } from "./session-store.ts";

type EndDeps = Pick<SessionDeps, "sessions" | "users">;

/** Revokes the token on the cluster, so that a copy of it is worthless, then forgets the session. */
export async function endSession(
  { sessions, users }: EndDeps,
  session: ActiveSession,
): Promise<{ readonly revocationFailure: unknown }> {
  let revocationFailure: unknown;
  try {
    await users.for(session).delete(UserOAuthAccessToken, { name: accessTokenName(session.token) });
  } catch (error) {
    // The person asked to be signed out here; a cluster that is away must not keep them signed in.
    revocationFailure = error;
  }
  await sessions.end(session.id);
  return { revocationFailure };
}

/** Ends one of the actor's own sessions. Someone else's is as unknown as none. */
export async function endOwnSession(deps: EndDeps, actor: Actor, publicId: string) {
  const own = await deps.sessions.listOf(actor.name);
  const session = own.find((candidate) => candidate.publicId === publicId);
  if (session === undefined)
    throw new AppError("NOT_FOUND", "You have no such session; it may have ended already.");
  return endSession(deps, session);
}
