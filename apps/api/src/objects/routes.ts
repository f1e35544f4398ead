import { EventQuery, LogQuery, ObjectEventList, ObjectQuery } from "@drover/contract";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { may } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import type { ClusterDeps } from "../clusters/cluster-deps.ts";
import { SavedObject, savedObject } from "../host/saved-object.ts";
import { openEventStream } from "../live/event-stream.ts";
import type { LiveStreams } from "../live/live-streams.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { Actor } from "../access/actor.ts";
import { followLog, readLog } from "./follow-log.ts";
import { maskObject } from "./mask-object.ts";
import { readEvents } from "./read-events.ts";
import { readableKind } from "./readable-kinds.ts";

const Named = z.object({ name: z.string().max(253) });
const OneKind = z.object({ name: z.string().max(253), plural: z.string().max(63) });

export type ObjectDeps = ClusterDeps & {
  readonly streams: LiveStreams;
  readonly sessions: SessionStore;
};

const reviewMs = 30_000;

/** Opening the cluster again asks for the same rights again. */
async function mayStillRead(deps: ObjectDeps, actor: Actor, cluster: string): Promise<boolean> {
  await deps.clusters.open(actor, cluster);
  return deps.sessions.isActive(actor.session.id);
}

/** Reading a cluster behind the console: only these paths, each with the person's right to the cluster's token. */
export const objectRoutes =
  (deps: ObjectDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    const access = may("get", "migclusters", "name");

    app.get(
      "/clusters/:name/objects/:plural",
      {
        config: { access },
        schema: { params: OneKind, querystring: ObjectQuery, response: { 200: SavedObject } },
      },
      async (request) => {
        const { plural, name: clusterName } = request.params;
        const { group, version, namespace, name } = request.query;
        const kind = readableKind({ group, version, plural });
        const cluster = await deps.clusters.open(requireActor(request), clusterName);
        const ref = namespace === undefined ? { name } : { name, namespace };
        return savedObject(maskObject(await cluster.get(kind, ref)));
      },
    );

    app.get(
      "/clusters/:name/events",
      {
        config: { access },
        schema: { params: Named, querystring: EventQuery, response: { 200: ObjectEventList } },
      },
      async (request) => {
        const cluster = await deps.clusters.open(requireActor(request), request.params.name);
        return { items: await readEvents(cluster, request.query) };
      },
    );

    app.get(
      "/clusters/:name/logs",
      {
        config: { access, untyped: true },
        schema: { params: Named, querystring: LogQuery },
      },
      async (request, reply) => {
        const actor = requireActor(request);
        const cluster = await deps.clusters.open(actor, request.params.name);
        if (!request.query.follow)
          return reply
            .type("text/plain; charset=utf-8")
            .header("cache-control", "no-store")
            .send(await readLog(cluster, request.query));
        const stream = openEventStream(request, reply);
        const end = (reason: string): void => {
          stream.send("end", JSON.stringify({ reason }));
          stream.end();
        };
        const review = setInterval(() => {
          mayStillRead(deps, actor, request.params.name).then(
            (isAllowed) => isAllowed || end("denied"),
            () => end("denied"),
          );
        }, reviewMs);
        stream.onClose(() => clearInterval(review));
        stream.onClose(deps.streams.add(actor.session.id, { end }));
        await followLog(cluster, request.query, stream);
        return reply;
      },
    );
    ready();
  };
