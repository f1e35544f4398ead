import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { sessionCookie } from "../session/cookies.ts";
import { hashOf } from "../session/session-store.ts";

/** Per session, or per address before sign-in. Routes that cost more set a lower limit of their own. */
export async function installRateLimit(app: FastifyInstance, config: Config): Promise<void> {
  const { name } = sessionCookie(config);
  await app.register(rateLimit, {
    max: config.requestsPerMinute,
    timeWindow: "1 minute",
    keyGenerator: (request) => {
      const cookie = request.cookies[name];
      return cookie === undefined ? request.ip : hashOf(cookie);
    },
  });
}
