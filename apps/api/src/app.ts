import cookie from "@fastify/cookie";
import Fastify from "fastify";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { RouteAccess } from "./plugins/access.ts";
import { auditRoutes } from "./audit/routes.ts";
import { clusterReadRoutes } from "./clusters/read-routes.ts";
import { clusterRoutes } from "./clusters/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { defaultTiming } from "./live/live-stream.ts";
import type { LiveTiming } from "./live/live-stream.ts";
import { openLiveStreams } from "./live/live-streams.ts";
import { liveRoutes } from "./live/routes.ts";
import { collectMetrics } from "./metrics/metrics.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { migrationRoutes } from "./migrations/routes.ts";
import { objectRoutes } from "./objects/routes.ts";
import { planRoutes } from "./plans/routes.ts";
import { installAccess } from "./plugins/access.ts";
import { installAudit } from "./plugins/audit.ts";
import { installAuthentication } from "./plugins/authentication.ts";
import { installOpenApi, openApiRoute } from "./plugins/openapi.ts";
import { answerProblem, installProblems } from "./plugins/problem.ts";
import { installRateLimit } from "./plugins/rate-limit.ts";
import { installSameOrigin } from "./plugins/same-origin.ts";
import { installSecurityHeaders } from "./plugins/security-headers.ts";
import { readProductVersion } from "./product-version.ts";
import type { Services } from "./services.ts";
import { sessionRoutes } from "./session/routes.ts";
import { signInRoutes } from "./session/sign-in-routes.ts";
import { openConsoleFiles } from "./static/console-files.ts";
import { storageRoutes } from "./storages/routes.ts";
import { consoleRoutes } from "./static/routes.ts";

export type App = {
  readonly server: FastifyInstance;
  /** Every route with who may call it. */
  readonly routes: readonly RouteAccess[];
  readonly metrics: Metrics;
};

/** Puts the server together: first what every request passes, in order, then the routes. */
export async function buildApp(
  services: Services,
  timing: LiveTiming = defaultTiming,
): Promise<App> {
  const { config, log, sessions, hub } = services;
  const product = { version: readProductVersion(), lab: config.lab };
  const loggerInstance: FastifyBaseLogger = log;
  const server: FastifyInstance = Fastify({
    loggerInstance,
    bodyLimit: 1024 * 1024,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 253 },
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: "idle",
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.removeContentTypeParser("text/plain");
  server.addHook("onRequest", async (request, reply) => {
    void reply.header("x-request-id", request.id);
  });

  installProblems(server);
  await installSecurityHeaders(server, config.publicUrl.protocol === "https:");
  await server.register(cookie);
  await installRateLimit(server, config);
  installAuthentication(server, services);
  installSameOrigin(server, config);
  const routes = installAccess(server, services);
  installAudit(server, services.audit);
  await installOpenApi(server, product.version);

  const streams = openLiveStreams();
  const metrics = collectMetrics(server, { hub, streams });
  sessions.onEnd(streams.endOf);
  server.addHook("preClose", async () => streams.endAll());
  await server.register(
    async (api) => {
      openApiRoute(api);
      await api.register(healthRoutes(services));
      await api.register(signInRoutes({ ...services, prisma: services.database.prisma }));
      await api.register(sessionRoutes({ ...services, prisma: services.database.prisma }, product));
      await api.register(liveRoutes({ ...services, hub, timing, streams }));
      await api.register(clusterRoutes(services));
      await api.register(clusterReadRoutes(services));
      await api.register(storageRoutes(services));
      await api.register(planRoutes(services));
      await api.register(migrationRoutes(services));
      await api.register(objectRoutes({ ...services, streams }));
      await api.register(auditRoutes(services.audit));
    },
    { prefix: "/api" },
  );
  await server.register(consoleRoutes(openConsoleFiles(config.consoleDir)));
  return { server, routes, metrics };
}
