import { setInterval } from "node:timers/promises";
import type { Program } from "../node/program.ts";

/** Asks the shop's web service for its catalogue again and again, through the service's own address. */
export const shopWorker: Program = async (pod) => {
  const host = pod.env["SHOP_WEB_SERVICE_HOST"];
  const port = pod.env["SHOP_WEB_SERVICE_PORT"];
  if (host === undefined || port === undefined) {
    pod.log("the service shop-web is not there; create it, then this container starts again");
    return 1;
  }
  const intervalMs = Number(pod.env["CHECK_INTERVAL_MS"] ?? 5_000);
  let last: string | undefined;
  try {
    for await (const _ of setInterval(intervalMs, undefined, { signal: pod.signal })) {
      const state = await stateOf(`http://${host}:${port}/MANIFEST`, pod.signal);
      if (state !== last) pod.log(state);
      last = state;
    }
  } catch (error) {
    if (!pod.signal.aborted) throw error;
  }
  return 0;
};

async function stateOf(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, { signal });
    const text = await response.text();
    if (!response.ok) return `the shop answers ${response.status}`;
    return `the shop has ${text.trimEnd().split("\n").length} entries`;
  } catch (error) {
    if (signal.aborted) throw error;
    return "the shop does not answer";
  }
}
