import { NamespacePage, NamespaceQuery, StorageClassList } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { may } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import type { ClusterDeps } from "./cluster-deps.ts";
import { listNamespaces } from "./list-namespaces.ts";
import { listStorageClasses } from "./list-storage-classes.ts";

const Named = z.object({ name: z.string().max(253) });

/** What the wizard asks a cluster. */
export const clusterReadRoutes =
  (deps: ClusterDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    const mayRead = may("get", "migclusters", "name");

    app.get(
      "/clusters/:name/namespaces",
      {
        config: { access: mayRead },
        schema: { params: Named, querystring: NamespaceQuery, response: { 200: NamespacePage } },
      },
      async (request) => {
        const cluster = await deps.clusters.open(requireActor(request), request.params.name);
        return listNamespaces(cluster, request.query);
      },
    );

    app.get(
      "/clusters/:name/storage-classes",
      {
        config: { access: mayRead },
        schema: { params: Named, response: { 200: StorageClassList } },
      },
      async (request) =>
        listStorageClasses(await deps.clusters.open(requireActor(request), request.params.name)),
    );
    ready();
  };
