import { CreateStorage, UpdateStorage } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { all, may, maySecrets } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import { SavedObject, savedObject } from "../host/saved-object.ts";
import { createStorage } from "./create-storage.ts";
import type { StorageDeps } from "./create-storage.ts";
import { deleteStorage } from "./delete-storage.ts";
import { updateStorage } from "./update-storage.ts";

const Named = z.object({ name: z.string().max(253) });
const object = "MigStorage {name}";

export const storageRoutes =
  (deps: StorageDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    app.post(
      "/storages",
      {
        config: {
          access: all(may("create", "migstorages"), maySecrets("create")),
          audit: { action: "storage.create", object },
        },
        schema: { body: CreateStorage, response: { 201: SavedObject } },
      },
      async (request, reply) => {
        const created = await createStorage(deps, requireActor(request), request.body);
        return reply.code(201).send(savedObject(created));
      },
    );

    app.put(
      "/storages/:name",
      {
        config: {
          access: may("patch", "migstorages", "name"),
          audit: { action: "storage.update", object },
        },
        schema: { params: Named, body: UpdateStorage, response: { 200: SavedObject } },
      },
      async (request) => {
        const { name } = request.params;
        return savedObject(
          await updateStorage(deps, requireActor(request), { name, form: request.body }),
        );
      },
    );

    app.delete(
      "/storages/:name",
      {
        config: {
          access: may("delete", "migstorages", "name"),
          audit: { action: "storage.delete", object },
        },
        schema: { params: Named, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await deleteStorage(deps, requireActor(request), request.params.name);
        return reply.code(204).send(null);
      },
    );
    ready();
  };
