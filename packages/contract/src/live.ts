import { z } from "zod";

/** The plural names of the migration resources the API lists and streams. */
export const LiveResource = z.enum([
  "migclusters",
  "migstorages",
  "migplans",
  "migmigrations",
  "mighooks",
  "miganalytics",
  "directvolumemigrations",
  "directvolumemigrationprogresses",
  "directimagemigrations",
  "directimagestreammigrations",
]);
export type LiveResource = z.infer<typeof LiveResource>;

const AnyObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/** One change of one object, already coalesced: several quick changes arrive as the last one. */
export const LiveChange = z.discriminatedUnion("type", [
  z.object({ type: z.literal("upsert"), resource: LiveResource, object: AnyObject }),
  z.object({ type: z.literal("delete"), resource: LiveResource, name: z.string() }),
]);
export type LiveChange = z.infer<typeof LiveChange>;

/**
 * `GET /api/live?resources=migplans,migmigrations` is a server-sent event stream. Events, each with JSON data:
 * `hello` once at the start; with `reset` the reader has missed changes and must read its lists again.
 * `changes` carries changes in order, with an event id for `Last-Event-ID`.
 * `heartbeat` about every 15 seconds. `denied` when the right to read a resource is missing or was revoked.
 * `end` before the server closes on purpose; the reader signs in again or reconnects as `reason` says.
 */
export const LiveHello = z.object({ reset: z.boolean() });
export const LiveChanges = z.array(LiveChange);
export const LiveDenied = z.object({ resource: LiveResource, reason: z.string() });
export const LiveEnd = z.object({ reason: z.enum(["signed-out", "restarting"]) });

/**
 * `GET /api/resources/:resource`: every object of a resource in the migration namespace. `position` is the id of the
 * last event of the live stream that the list holds already.
 */
export const ResourceList = z.object({ items: z.array(AnyObject), position: z.string() });
export type ResourceList = z.infer<typeof ResourceList>;
