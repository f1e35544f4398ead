import { z } from "zod";

/**
 * `GET /api/clusters/:name/objects/:plural?group=&version=&namespace=&name=`: one object of a cluster,
 * from a fixed set of kinds, with Secret data masked.
 */
export const ObjectQuery = z.object({
  group: z.string().max(253).default(""),
  version: z.string().max(63),
  namespace: z.string().max(63).optional(),
  name: z.string().min(1).max(253),
});
export type ObjectQuery = z.infer<typeof ObjectQuery>;

/** `GET /api/clusters/:name/events?uid=&namespace=`: the events about one object, newest first. */
export const EventQuery = z.object({
  uid: z.string().max(64),
  namespace: z.string().max(63),
});
export const ObjectEvent = z.object({
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  count: z.number().int(),
  lastSeen: z.string(),
});
export type ObjectEvent = z.infer<typeof ObjectEvent>;
export const ObjectEventList = z.object({ items: z.array(ObjectEvent) });

/**
 * `GET /api/clusters/:name/logs?namespace=&pod=&container=&tail=`: plain text. With `follow=true` a server-sent
 * event stream: `line` events with JSON string data, `end` when the container stopped.
 */
export const LogQuery = z.object({
  namespace: z.string().max(63),
  pod: z.string().max(253),
  container: z.string().max(63).optional(),
  tail: z.coerce.number().int().min(1).max(10_000).default(500),
  follow: z.stringbool().default(false),
});
export type LogQuery = z.infer<typeof LogQuery>;
