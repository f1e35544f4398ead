import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Container, Probe } from "../kinds/pod.ts";

export type Probing = {
  readonly container: Container;
  readonly probe: Probe;
  readonly podIP: string;
  readonly signal: AbortSignal;
  /** Called when the verdict turns, and with the first one. */
  readonly onVerdict: (isWell: boolean) => void;
};

/** Until the first success a probe looks this often, so that a start is seen soon whatever its period. */
const eagerMs = 250;

/** Probes a container until the signal aborts; the thresholds of the probe decide when the verdict turns. */
export async function keepProbing(probing: Probing): Promise<void> {
  const { probe, signal, onVerdict } = probing;
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  let verdict: boolean | undefined;
  let streak = 0;
  let last: boolean | undefined;
  await pause((probe.initialDelaySeconds ?? 0) * 1000, signal);
  while (!signal.aborted) {
    const isWell = await answers(probing);
    streak = isWell === last ? streak + 1 : 1;
    last = isWell;
    const needed = isWell ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (!signal.aborted && streak >= needed && isWell !== verdict) {
      verdict = isWell;
      onVerdict(isWell);
    }
    await pause(verdict === true ? periodMs : Math.min(periodMs, eagerMs), signal);
  }
}

async function answers(probing: Probing): Promise<boolean> {
  const { probe, podIP, container } = probing;
  const deadline = AbortSignal.timeout((probe.timeoutSeconds ?? 1) * 1000);
  const signal = AbortSignal.any([probing.signal, deadline]);
  try {
    if (probe.httpGet !== undefined) {
      const { path = "/", host = podIP, port, scheme } = probe.httpGet;
      const request = scheme === "HTTPS" ? httpsRequest : httpRequest;
      const options = { host, port: portOf(container, port), path, signal, agent: false as const };
      return await answersHttp(request({ ...options, rejectUnauthorized: false }));
    }
    if (probe.tcpSocket !== undefined) {
      const { host = podIP, port } = probe.tcpSocket;
      const socket = connect({ host, port: portOf(container, port) });
      try {
        await once(socket, "connect", { signal });
      } finally {
        socket.destroy();
      }
    }
    // Commands are not run inside programs of the lab: with an exec probe a running container counts as well.
    return true;
  } catch {
    return false;
  }
}

async function answersHttp(request: ReturnType<typeof httpRequest>): Promise<boolean> {
  request.end();
  const [response] = (await once(request, "response")) as [{ statusCode?: number; resume(): void }];
  response.resume();
  const status = response.statusCode ?? 0;
  return status >= 200 && status < 400;
}

function portOf(container: Container, port: number | string): number {
  if (typeof port === "number") return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  return named ?? Number(port);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
