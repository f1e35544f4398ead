import type { KubeObject } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { LiveStore } from "@drover/kube";

type Wait = { readonly signal: AbortSignal; readonly timeoutMs?: number };

/** Waits for a store's first list; throws what keeps it from coming when that takes too long. */
export async function storeReady<T extends KubeObject>(
  store: LiveStore<T>,
  { signal, timeoutMs = 15_000 }: Wait,
): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(store.problem() ?? lateList(timeoutMs)), timeoutMs);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  store.ready.then(resolve, reject);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function lateList(timeoutMs: number): KubeError {
  const message = `The first list did not come within ${timeoutMs / 1000} s.`;
  return new KubeError({ code: 0, reason: "Timeout", message });
}
