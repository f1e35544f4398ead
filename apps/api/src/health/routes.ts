import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { anyone } from "../access/access-rule.ts";
import { Readiness, readReadiness } from "./readiness.ts";
import type { HealthDeps } from "./readiness.ts";

const Alive = z.object({ status: z.literal("ok") });

export const healthRoutes =
  (deps: HealthDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    const config = { access: anyone("probes"), probe: true, rateLimit: false } as const;

    app.get("/healthz", { config, schema: { response: { 200: Alive } } }, () => ({
      status: "ok" as const,
    }));

    app.get(
      "/readyz",
      { config, schema: { response: { 200: Readiness, 503: Readiness } } },
      async (_request, reply) => {
        const readiness = await readReadiness(deps);
        return reply.code(readiness.ready ? 200 : 503).send(readiness);
      },
    );
    ready();
  };
