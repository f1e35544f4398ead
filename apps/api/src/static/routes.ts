import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import { anyone } from "../access/access-rule.ts";
import type { Asset, Encoding } from "./asset.ts";
import type { ConsoleFiles } from "./console-files.ts";

const notBuilt =
  "The console has not been built. Run `npm start` in the repository root, or `pnpm --filter @drover/console build`.\n";

function encodingFor(request: FastifyRequest, asset: Asset): Encoding {
  if (!asset.isCompressible) return "identity";
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const offers = accepted.split(",").map((offer) => offer.trim());
  const takes = (name: string): boolean =>
    offers.some((offer) => offer.split(";")[0] === name && !/;\s*q=0(\.0*)?$/.test(offer));
  if (takes("br")) return "br";
  return takes("gzip") ? "gzip" : "identity";
}

async function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset) {
  const encoding = encodingFor(request, asset);
  const etag = encoding === "identity" ? asset.etag : asset.etag.replace(/"$/, `-${encoding}"`);
  void reply.headers({ etag, "cache-control": asset.cacheControl, vary: "accept-encoding" });
  if (asset.contentSecurityPolicy !== undefined)
    void reply.header("content-security-policy", asset.contentSecurityPolicy);
  if (reply.statusCode === 200 && request.headers["if-none-match"] === etag)
    return reply.code(304).send();
  if (encoding !== "identity") void reply.header("content-encoding", encoding);
  return reply.type(asset.type).send(await asset.bodyFor(encoding));
}

/** Everything outside `/api`: the console's pages and what they load. Only files found at its build are served. */
export const consoleRoutes =
  (files: () => ConsoleFiles | undefined): FastifyPluginCallback =>
  (app, _options, ready) => {
    app.route({
      method: ["GET", "HEAD"],
      url: "/*",
      config: {
        access: anyone("the console's files"),
        untyped: true,
        crossSite: true,
        rateLimit: false,
      },
      handler: async (request, reply) => {
        if (/^\/api(?:\/|\?|$)/.test(request.url)) return reply.callNotFound();
        const built = files();
        if (built === undefined)
          return reply.code(503).type("text/plain; charset=utf-8").send(notBuilt);
        // What cannot be decoded never comes here: the router refuses it.
        const asset = built.find(decodeURIComponent(request.url.split("?")[0] ?? "/"));
        if (asset !== undefined) return sendAsset(request, reply, asset);
        void reply.code(404);
        if (built.notFoundPage !== undefined) return sendAsset(request, reply, built.notFoundPage);
        return reply.type("text/plain; charset=utf-8").send("There is no such page.\n");
      },
    });
    ready();
  };
