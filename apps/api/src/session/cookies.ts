import type { CookieSerializeOptions } from "@fastify/cookie";
import type { Config } from "../config.ts";

export type Cookie = { readonly name: string; readonly options: CookieSerializeOptions };

/**
 * `__Host-` ties a cookie to this host and to https. Browsers refuse it on plain http, so it is dropped there;
 * the configuration admits plain http on loopback only.
 */
function cookie(
  config: Pick<Config, "publicUrl">,
  name: string,
  rest: CookieSerializeOptions,
): Cookie {
  const isSecure = config.publicUrl.protocol === "https:";
  return {
    name: isSecure ? `__Host-${name}` : name,
    options: { path: "/", httpOnly: true, secure: isSecure, ...rest },
  };
}

/** Holds the session id. */
export function sessionCookie(config: Pick<Config, "publicUrl">): Cookie {
  return cookie(config, "drover-session", { sameSite: "strict" });
}

/** Lax, because the OAuth server sends the browser back from another site. */
export function signInCookie(config: Pick<Config, "publicUrl">): Cookie {
  return cookie(config, "drover-sign-in", { sameSite: "lax", maxAge: 600 });
}
