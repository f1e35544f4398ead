/**
 * Everything that is looked at by the clock, since nothing can be watched for it. All else is driven by watches;
 * besides, the runtime looks at every object again now and then.
 */
export const polling = {
  /** Nothing reports that a remote API server, its registry route or a token has stopped working. */
  clusterHealth: { everyMs: 60_000 },
  /** A cluster that cannot be reached may come back at any time. */
  clusterUnreachable: { everyMs: 15_000 },
  /** An object store cannot be watched. Each look writes, reads and deletes one object. */
  storageProbe: { everyMs: 5 * 60_000 },
  /** A store that failed its probe may come back, or its keys be mended on its own side. */
  storageUnreachable: { everyMs: 30_000 },
} as const satisfies Record<string, { readonly everyMs: number }>;
