import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import { signedIn } from "../access/access-rule.ts";

/** Collects the description of the routes registered after it. */
export async function installOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: { info: { title: "Drover", version } },
    transform: jsonSchemaTransform,
  });
}

/** `GET /api/openapi.json`; not for strangers. */
export function openApiRoute(app: FastifyInstance): void {
  app.get(
    "/openapi.json",
    {
      config: { access: signedIn("the description of this API") },
      schema: { response: { 200: z.looseObject({}) } },
    },
    () => app.swagger(),
  );
}
