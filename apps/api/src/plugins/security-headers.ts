import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/** Nothing here may be framed, sniffed or leaked by referrer. Pages of the console widen the policy for themselves. */
export async function installSecurityHeaders(
  app: FastifyInstance,
  isSecure: boolean,
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    referrerPolicy: { policy: "same-origin" },
    frameguard: { action: "deny" },
    hsts: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
}
