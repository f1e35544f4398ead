import { User } from "@drover/crds";
import { connect } from "@drover/kube";
import * as oauth from "openid-client";
import { AppError } from "../app-error.ts";
import type { SignInAttempt } from "../generated/client.ts";
import type { Grant } from "./oauth-server.ts";
import type { Caller, SessionDeps } from "./session-deps.ts";
import type { ActiveSession } from "./session-store.ts";
import { hashOf } from "./session-store.ts";

/** Why a sign-in did not work; the console's sign-in page has a sentence for each. */
export type SignInFailure = "denied" | "expired" | "unavailable" | "refused" | "failed";

export type SignInOutcome =
  | { readonly ok: true; readonly cookie: string; readonly returnTo: string }
  | { readonly ok: false; readonly failure: SignInFailure; readonly cause: unknown };

type Answer = { readonly cookie: string | undefined; readonly search: string };

/** An attempt is taken out when it is used, so that its answer works once. */
async function takeAttempt(
  { prisma }: Pick<SessionDeps, "prisma">,
  cookie: string | undefined,
): Promise<SignInAttempt | undefined> {
  if (cookie === undefined) return undefined;
  const id = hashOf(cookie);
  const attempt = await prisma.signInAttempt.findUnique({ where: { id } });
  if (attempt === null) return undefined;
  const { count } = await prisma.signInAttempt.deleteMany({ where: { id } });
  return count === 1 && attempt.expiresAt.getTime() > Date.now() ? attempt : undefined;
}

function failureFrom(error: unknown): SignInFailure {
  if (error instanceof oauth.AuthorizationResponseError)
    return error.error === "access_denied" ? "denied" : "refused";
  if (error instanceof oauth.ResponseBodyError) return "refused";
  if (error instanceof AppError) return "unavailable";
  return "failed";
}

/** Asks the cluster whose token this is. */
async function readUser({ config }: SessionDeps, token: string): Promise<User> {
  const { url, caPem, insecure } = config.host;
  const cluster = connect({
    url,
    token,
    insecure: insecure ?? false,
    ...(caPem === undefined ? {} : { caPem }),
  });
  try {
    return await cluster.get(User, { name: "~" });
  } finally {
    await cluster.close();
  }
}

async function startSession(deps: SessionDeps, caller: Caller, grant: Grant) {
  const user = await readUser(deps, grant.token);
  const userName = user.metadata.name;
  if (userName === undefined) throw new Error("The cluster did not name the signed-in user.");
  return deps.sessions.create({
    userName,
    groups: user.groups ?? [],
    token: grant.token,
    tokenLifetimeSeconds: grant.lifetimeSeconds,
    address: caller.address,
    userAgent: caller.userAgent,
  });
}

async function recordSignIn(
  deps: SessionDeps,
  caller: Caller,
  session: ActiveSession,
): Promise<void> {
  await deps.audit.append({
    actor: session.userName,
    action: "session.start",
    object: `Session ${session.publicId}`,
    address: caller.address,
    requestId: caller.requestId,
    decision: "allowed",
    outcome: "succeeded",
  });
}

/** Turns the OAuth server's answer into a session. The session before it in this browser ends. */
export async function finishSignIn(
  deps: SessionDeps,
  caller: Caller,
  answer: Answer,
): Promise<SignInOutcome> {
  const attempt = await takeAttempt(deps, answer.cookie);
  if (attempt === undefined) return { ok: false, failure: "expired", cause: "no such attempt" };
  try {
    const callback = new URL(answer.search, attempt.redirectUri);
    const grant = await deps.oauth.redeem(callback, attempt);
    const { cookie, session } = await startSession(deps, caller, grant);
    await recordSignIn(deps, caller, session);
    if (attempt.previousId !== null) await deps.sessions.end(attempt.previousId);
    return { ok: true, cookie, returnTo: attempt.returnTo };
  } catch (cause) {
    return { ok: false, failure: failureFrom(cause), cause };
  }
}
