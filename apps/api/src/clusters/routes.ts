import { CheckCluster, ConnectionCheck, CreateCluster, UpdateCluster } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { all, may, maySecrets } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import { SavedObject, savedObject } from "../host/saved-object.ts";
import { checkConnection } from "./check-connection.ts";
import type { ClusterDeps } from "./cluster-deps.ts";
import { createCluster } from "./create-cluster.ts";
import { deleteCluster } from "./delete-cluster.ts";
import { updateCluster } from "./update-cluster.ts";

const Named = z.object({ name: z.string().max(253) });
const object = "MigCluster {name}";

export const clusterRoutes =
  (deps: ClusterDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    app.post(
      "/clusters",
      {
        config: {
          access: all(may("create", "migclusters"), maySecrets("create")),
          audit: { action: "cluster.create", object },
        },
        schema: { body: CreateCluster, response: { 201: SavedObject } },
      },
      async (request, reply) =>
        reply
          .code(201)
          .send(savedObject(await createCluster(deps, requireActor(request), request.body))),
    );

    app.post(
      "/clusters/check",
      {
        config: {
          access: all(may("create", "migclusters"), maySecrets("create")),
          audit: { action: "cluster.check", object: "API server {url}" },
          rateLimit: { max: 60, timeWindow: "1 minute" },
        },
        schema: { body: CheckCluster, response: { 200: ConnectionCheck } },
      },
      (request) => checkConnection(deps, requireActor(request), request.body),
    );

    app.put(
      "/clusters/:name",
      {
        config: {
          access: may("patch", "migclusters", "name"),
          audit: { action: "cluster.update", object },
        },
        schema: { params: Named, body: UpdateCluster, response: { 200: SavedObject } },
      },
      async (request) =>
        savedObject(
          await updateCluster(deps, requireActor(request), {
            name: request.params.name,
            form: request.body,
          }),
        ),
    );

    app.delete(
      "/clusters/:name",
      {
        config: {
          access: may("delete", "migclusters", "name"),
          audit: { action: "cluster.delete", object },
        },
        schema: { params: Named, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await deleteCluster(deps, requireActor(request), request.params.name);
        return reply.code(204).send(null);
      },
    );

    ready();
  };
