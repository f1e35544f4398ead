import { AuditPage, AuditQuery } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { administrators } from "../access/access-rule.ts";
import type { AuditTrail } from "./audit-trail.ts";

export const auditRoutes =
  (audit: AuditTrail): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    app.get(
      "/audit",
      {
        config: { access: administrators },
        schema: { querystring: AuditQuery, response: { 200: AuditPage } },
      },
      ({ query }) => audit.readPage(query.page, query.perPage),
    );
    ready();
  };
