import { z } from "zod";

const milliseconds = z.number().min(0);
/** Refused connections, connections that never answer, and answers that say 503. */
const Unreachable = z.enum(["refused", "hanging", "unavailable"]);
export type Unreachable = z.infer<typeof Unreachable>;

/** One thing that goes wrong with requests to an API server. Counting begins when it is set. */
const ApiRule = z.strictObject({
  /** Requests it concerns; all of them where nothing is said. */
  verbs: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  user: z.string().optional(),
  /** Only the nth of these requests. */
  nth: z.int().positive().optional(),
  /** Every nth of these requests. */
  every: z.int().positive().optional(),
  /** No more often than this. */
  times: z.int().positive().optional(),
  /** Answers with this code, and does nothing. */
  refuse: z.literal([409, 429, 500, 503]).optional(),
  /** Cuts the connection: before the work, or after it and before the answer. */
  cut: z.enum(["before", "after"]).optional(),
  /** Watches end without a word after so long. */
  cutAfterMs: milliseconds.optional(),
  /** Lets the request wait. */
  delayMs: milliseconds.optional(),
  /** Lists answer as things were so many changes ago. */
  staleBy: z.int().positive().optional(),
});
export type ApiRule = z.infer<typeof ApiRule>;

const Link = z.strictObject({
  bytesPerSecond: z.number().positive().optional(),
  latencyMs: milliseconds.optional(),
  isCut: z.boolean().optional(),
});

const ClusterFaults = z.strictObject({
  /** What goes wrong with requests to the lab's own API server; the first rule that fits decides. */
  api: z.array(ApiRule).optional(),
  /** Events of watches arrive so much later. */
  watchDelayMs: milliseconds.optional(),
  /** How far the API server's clock is ahead; negative is behind. */
  clockSkewSeconds: z.number().optional(),
  /** No new pod finds a node. */
  unschedulable: z.boolean().optional(),
  registry: Unreachable.optional(),
  /** What all bytes to Services, node ports and Routes of the cluster pass. */
  link: Link.optional(),
  /** Volumes of the class `sized` that have no room left, by the name of their PersistentVolume. */
  fullVolumes: z.array(z.string()).optional(),
});
export type ClusterFaults = z.infer<typeof ClusterFaults>;

const StoreFaults = z.strictObject({
  answer: Unreachable.optional(),
  /** The disk is full: what is there can be read and deleted. */
  isFull: z.boolean().optional(),
  delayMs: milliseconds.optional(),
  clockSkewSeconds: z.number().optional(),
});
export type StoreFaults = z.infer<typeof StoreFaults>;

/** Everything that is wrong with a lab. What is not named is well. */
export const FaultSettings = z.strictObject({
  objectStore: StoreFaults.optional(),
  clusters: z
    .strictObject({
      host: ClusterFaults.optional(),
      source: ClusterFaults.optional(),
      edge: ClusterFaults.optional(),
    })
    .optional(),
});
export type FaultSettings = z.infer<typeof FaultSettings>;
