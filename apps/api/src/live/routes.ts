import { LiveResource, ResourceList } from "@drover/contract";
import { KubeError } from "@drover/kube";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { AccessReviewer } from "../access/access-reviewer.ts";
import { may, signedIn } from "../access/access-rule.ts";
import { requireActor } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import type { Config } from "../config.ts";
import { migrationGroup } from "@drover/crds";
import { SavedObject, savedObject } from "../host/saved-object.ts";
import type { SessionStore } from "../session/session-store.ts";
import { openEventStream } from "./event-stream.ts";
import { getResource, listResource } from "./list-resource.ts";
import type { LiveHub } from "./live-hub.ts";
import type { LiveTiming } from "./live-stream.ts";
import { startLiveStream } from "./live-stream.ts";
import type { LiveStreams } from "./live-streams.ts";

export type LiveDeps = {
  readonly config: Config;
  readonly hub: LiveHub;
  readonly reviewer: AccessReviewer;
  readonly sessions: SessionStore;
  readonly timing: LiveTiming;
  readonly streams: LiveStreams;
};

const AnyResource = z.object({ resource: LiveResource });
const OneObject = z.object({ resource: LiveResource, name: z.string().max(253) });

const LiveQuery = z.object({
  resources: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(LiveResource).min(1)),
});

/** Asks again for each resource whether this person may read it. */
function reviewOf(
  { config, reviewer, sessions }: LiveDeps,
  actor: Actor,
  resources: ReadonlySet<LiveResource>,
) {
  return async (): Promise<ReadonlyMap<LiveResource, string> | "signed-out"> => {
    if (!(await sessions.isActive(actor.session.id))) return "signed-out";
    const denied = new Map<LiveResource, string>();
    try {
      for (const resource of resources) {
        const verdict = await reviewer.reviewAll(
          actor,
          ["list", "watch"].map((verb) => ({
            verb,
            group: migrationGroup.group,
            resource,
            namespace: config.namespace,
          })),
        );
        if (!verdict.allowed) denied.set(resource, verdict.reason);
      }
      return denied;
    } catch (error) {
      if (error instanceof KubeError && error.isUnauthorized) return "signed-out";
      const reason = "The host cluster could not be asked whether you may read this.";
      return new Map([...resources].map((resource) => [resource, reason]));
    }
  };
}

export const liveRoutes =
  (deps: LiveDeps): FastifyPluginCallbackZod =>
  (app, _options, ready) => {
    app.get(
      "/resources/:resource",
      {
        config: { access: may("list", { param: "resource" }) },
        schema: { params: AnyResource, response: { 200: ResourceList } },
      },
      ({ params }) => ({
        items: listResource(deps.hub, params.resource).map(savedObject),
        position: deps.hub.log.position(),
      }),
    );

    app.get(
      "/resources/:resource/:name",
      {
        config: { access: may("get", { param: "resource" }, "name") },
        schema: { params: OneObject, response: { 200: SavedObject } },
      },
      ({ params }) => savedObject(getResource(deps.hub, params.resource, params.name)),
    );

    app.get(
      "/live",
      {
        config: {
          access: signedIn("each resource is reviewed, and again every 30 s"),
          untyped: true,
        },
        schema: { querystring: LiveQuery },
      },
      (request, reply) => {
        const actor = requireActor(request);
        const resources = new Set(request.query.resources);
        const lastEventId = request.headers["last-event-id"];
        const stream = openEventStream(request, reply);
        const live = startLiveStream({
          hub: deps.hub,
          stream,
          resources,
          lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
          timing: deps.timing,
          review: reviewOf(deps, actor, resources),
        });
        stream.onClose(deps.streams.add(actor.session.id, live));
      },
    );
    ready();
  };
