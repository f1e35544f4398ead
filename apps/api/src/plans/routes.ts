import { CreatePlan, StartMigration, UpdatePlan } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { all, may } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import { SavedObject, savedObject } from "../host/saved-object.ts";
import { createPlan } from "./create-plan.ts";
import { deletePlan } from "./delete-plan.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { startMigration } from "./start-migration.ts";
import { updatePlan } from "./update-plan.ts";

const Named = z.object({ name: z.string().max(253) });
const object = "MigPlan {name}";

export const planRoutes =
  (deps: PlanDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    app.post(
      "/plans",
      {
        config: { access: may("create", "migplans"), audit: { action: "plan.create", object } },
        schema: { body: CreatePlan, response: { 201: SavedObject } },
      },
      async (request, reply) => {
        const created = await createPlan(deps, requireActor(request), request.body);
        return reply.code(201).send(savedObject(created));
      },
    );

    app.patch(
      "/plans/:name",
      {
        config: {
          access: may("patch", "migplans", "name"),
          audit: { action: "plan.update", object },
        },
        schema: { params: Named, body: UpdatePlan, response: { 200: SavedObject } },
      },
      async (request) => {
        const { name } = request.params;
        return savedObject(
          await updatePlan(deps, requireActor(request), { name, form: request.body }),
        );
      },
    );

    app.delete(
      "/plans/:name",
      {
        config: {
          access: all(may("patch", "migplans", "name"), may("delete", "migplans", "name")),
          audit: { action: "plan.delete", object },
        },
        schema: { params: Named, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await deletePlan(deps, requireActor(request), { name: request.params.name });
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/plans/:name/migrations",
      {
        config: {
          access: may("create", "migmigrations"),
          audit: { action: "migration.start", object },
        },
        schema: { params: Named, body: StartMigration, response: { 201: SavedObject } },
      },
      async (request, reply) => {
        const { name } = request.params;
        const started = await startMigration(deps, requireActor(request), {
          name,
          form: request.body,
        });
        return reply.code(201).send(savedObject(started));
      },
    );
    ready();
  };
