import { setTimeout as sleep } from "node:timers/promises";
import { KubeError } from "./kube-error.ts";

/** As many as other Kubernetes clients allow. */
const MAX_TRIES = 10;

/**
 * Asks again, when the server asks for that, what it was too busy for: such a request was not carried out, whatever it
 * was. When the time is up before, the refusal stands.
 */
export async function whileBusy<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === MAX_TRIES || !(await hasWaited(error, signal))) throw error;
    }
  }
}

/** False when waiting makes no sense, or somebody does not want to wait any longer. */
async function hasWaited(error: unknown, signal: AbortSignal): Promise<boolean> {
  if (!(error instanceof KubeError) || error.code !== 429) return false;
  if (error.retryAfterMs === undefined) return false;
  return sleep(error.retryAfterMs, true, { signal }).catch(() => false);
}
