import { MigrationTree } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { all, may } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import type { ClusterDeps } from "../clusters/cluster-deps.ts";
import { SavedObject, savedObject } from "../host/saved-object.ts";
import { cancelMigration } from "./cancel-migration.ts";
import { readTree } from "./tree/read-tree.ts";

const Named = z.object({ name: z.string().max(253) });
const NoBody = z.strictObject({}).nullish();

export const migrationRoutes =
  (deps: ClusterDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    app.post(
      "/migrations/:name/cancel",
      {
        config: {
          access: may("patch", "migmigrations", "name"),
          audit: { action: "migration.cancel", object: "MigMigration {name}" },
        },
        schema: { params: Named, body: NoBody, response: { 200: SavedObject } },
      },
      async (request) =>
        savedObject(await cancelMigration(deps, requireActor(request), request.params.name)),
    );

    app.get(
      "/migrations/:name/tree",
      {
        config: {
          access: all(
            may("get", "migmigrations", "name"),
            may("list", "migmigrations"),
            may("list", "migclusters"),
          ),
        },
        schema: { params: Named, response: { 200: MigrationTree } },
      },
      (request) => readTree(deps, requireActor(request), request.params.name),
    );
    ready();
  };
