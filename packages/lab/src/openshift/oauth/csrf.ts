import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const cookieName = "drover-lab-sign-in";

/**
 * Binds a form to the browser it was shown in: a random cookie, and in the form its HMAC.
 * Another site can neither read the cookie nor compute the HMAC.
 */
export class CsrfGuard {
  readonly #key = randomBytes(32);

  /** The cookie to set (undefined when the browser has one already) and the value for the form. */
  issue(request: IncomingMessage): { readonly setCookie?: string; readonly token: string } {
    const existing = readCookie(request);
    if (existing !== undefined) return { token: this.#token(existing) };
    const value = randomBytes(32).toString("base64url");
    const setCookie = `${cookieName}=${value}; Path=/oauth; HttpOnly; SameSite=Lax`;
    return { setCookie, token: this.#token(value) };
  }

  accepts(request: IncomingMessage, token: string): boolean {
    const cookie = readCookie(request);
    return cookie !== undefined && sameText(this.#token(cookie), token);
  }

  #token(cookie: string): string {
    return createHmac("sha256", this.#key).update(cookie).digest("base64url");
  }
}

function readCookie(request: IncomingMessage): string | undefined {
  const pattern = new RegExp(`(?:^|;\\s*)${cookieName}=([A-Za-z0-9_-]{43})(?:;|$)`);
  return pattern.exec(request.headers.cookie ?? "")?.[1];
}

/** Compares without telling by its duration where the first difference is. */
export function sameText(a: string, b: string): boolean {
  const left = createHmac("sha256", "compare").update(a).digest();
  const right = createHmac("sha256", "compare").update(b).digest();
  return timingSafeEqual(left, right);
}
