import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../app-error.ts";
import type { Config } from "../config.ts";
import { originOf, publicHosts } from "../session/origins.ts";

const safeMethods = new Set(["GET", "HEAD"]);

function isEqual(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

function requireCsrfToken(request: FastifyRequest): void {
  const given = request.headers["x-csrf-token"];
  const expected = request.actor?.session.csrfToken;
  if (expected === undefined) return;
  if (typeof given !== "string" || !isEqual(given, expected))
    throw new AppError(
      "FORBIDDEN",
      "The request lacks this session's x-csrf-token. Reload the page and try again.",
    );
}

/**
 * Refuses requests that another site makes a browser send. The Host check stops names that were rebound to this
 * address; the Origin check covers streams too; writes need the session's token on top.
 */
export function installSameOrigin(app: FastifyInstance, config: Config): void {
  const hosts = publicHosts(config);
  const origins = new Set([...hosts].map((host) => originOf(config, host)));
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.probe === true) return;
    if (!hosts.has(request.host))
      throw new AppError(
        "FORBIDDEN",
        `This server is ${config.publicUrl.origin}; it does not answer for other names.`,
      );
    if (request.routeOptions.config.crossSite === true) return;
    const { origin } = request.headers;
    const site = request.headers["sec-fetch-site"];
    const isForeign =
      (origin !== undefined && !origins.has(origin)) ||
      (site !== undefined && site !== "same-origin" && site !== "none");
    if (isForeign) throw new AppError("FORBIDDEN", "Requests from other sites are not answered.");
    if (!safeMethods.has(request.method)) requireCsrfToken(request);
  });
}
