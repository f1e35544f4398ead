import { setTimeout as sleep } from "node:timers/promises";
import { Backoff, KubeError, type Cluster } from "@drover/kube";

/** Asking twice for these comes to the same; what creates is looked at by itself. */
const REPEATABLE: ReadonlySet<string | symbol> = new Set<keyof Cluster>([
  "get",
  "find",
  "list",
  "patch",
  "patchSubresource",
  "delete",
  "version",
]);

const pauses = { minMs: 100, maxMs: 5_000 };
/** A server that is away for longer is one that an operator looks after. */
const patienceMs = 120_000;
/** A conflict that is still there after so many tries is a real one. */
const conflictTries = 5;

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * The cluster, asked again while its API server is in trouble. Much of what Velero does it does once: the only one who
 * knows that a backup is over must not forget it because one answer was lost.
 */
export function patientCluster(cluster: Cluster, signal: AbortSignal): Cluster {
  return new Proxy(cluster, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== "function") return value;
      const call = value.bind(target) as Call;
      const isRepeatable = REPEATABLE.has(member);
      if (!isRepeatable && member !== "create") return call;
      return (...args: readonly unknown[]) =>
        persistently(() => call(...args), {
          signal,
          // Without an answer nobody knows the name that the server gave.
          mayRepeat: ({ code }) => isRepeatable || code !== 0 || hasName(args[1]),
        });
    },
  });
}

type Rules = {
  readonly signal: AbortSignal;
  readonly mayRepeat: (error: KubeError) => boolean;
};

async function persistently(
  ask: () => Promise<unknown>,
  { signal, mayRepeat }: Rules,
): Promise<unknown> {
  const begun = performance.now();
  const backoff = new Backoff(pauses);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || performance.now() - begun > patienceMs) throw error;
      const tries = backoff.failures + 1;
      if (!(error instanceof KubeError) || !isTrouble(error, tries) || !mayRepeat(error)) {
        throw error;
      }
      const pauseMs = backoff.nextMs(error.retryAfterMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

function isTrouble(error: KubeError, tries: number): boolean {
  return error.isTransient || (error.isConflict && tries < conflictTries);
}

function hasName(object: unknown): boolean {
  const { metadata } = object as { readonly metadata?: { readonly name?: string } };
  return metadata?.name !== undefined;
}
