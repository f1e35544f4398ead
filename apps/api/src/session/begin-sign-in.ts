import { randomBytes } from "node:crypto";
import { randomSignInSecrets } from "./oauth-server.ts";
import { originOf } from "./origins.ts";
import { returnPathFrom } from "./return-path.ts";
import type { Caller, SessionDeps } from "./session-deps.ts";
import { hashOf } from "./session-store.ts";

const attemptMs = 10 * 60_000;

/** Remembers the attempt and says where to send the browser. The cookie ties the answer to this browser. */
export async function beginSignIn(
  deps: Pick<SessionDeps, "config" | "oauth" | "prisma">,
  caller: Pick<Caller, "host">,
  request: { readonly returnTo: string | undefined; readonly sessionCookie: string | undefined },
): Promise<{ readonly cookie: string; readonly location: URL }> {
  const redirectUri = `${originOf(deps.config, caller.host)}/api/auth/callback`;
  const secrets = randomSignInSecrets();
  const location = await deps.oauth.authorizationUrl({ redirectUri, ...secrets });
  const cookie = randomBytes(32).toString("base64url");
  await deps.prisma.signInAttempt.create({
    data: {
      id: hashOf(cookie),
      ...secrets,
      redirectUri,
      returnTo: returnPathFrom(request.returnTo),
      previousId: request.sessionCookie === undefined ? null : hashOf(request.sessionCookie),
      expiresAt: new Date(Date.now() + attemptMs),
    },
  });
  return { cookie, location };
}
