import type { LiveStore } from "@drover/kube";

/** Settles with true as soon as a change of the store makes the condition hold, with false when the time is over or Velero stops. */
export async function waitUntil<T>(
  store: LiveStore<T>,
  holds: () => boolean,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  if (holds()) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  const stop = (): void => resolve(false);
  signal.addEventListener("abort", stop, { once: true });
  const unsubscribe = store.subscribe(() => {
    if (holds()) resolve(true);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    unsubscribe();
  }
}
