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
  /** Look often until the first success, so that a start is seen soon. Not where failures end the container. */
  readonly isEager: boolean;
  readonly signal: AbortSignal;
  /** Called when the verdict turns, and with the first one. */
  readonly onVerdict: (isWell: boolean) => void;
};

const eagerMs = 250;

/** Probes a container until the signal aborts; the thresholds of the probe decide when the verdict turns. */
export async function keepProbing(probing: Probing): Promise<void> {
  const { probe, signal, isEager, onVerdict } = probing;
  const { initialDelaySeconds = 0, periodSeconds = 10 } = probe;
  const judge = verdictOf(probe);
  let verdict: boolean | undefined;
  await pause(initialDelaySeconds * 1000, signal);
  while (!signal.aborted) {
    const next = judge(await answers(probing));
    if (!signal.aborted && next !== undefined && next !== verdict) {
      verdict = next;
      onVerdict(next);
    }
    const periodMs = periodSeconds * 1000;
    const isWaiting = isEager && verdict !== true;
    await pause(isWaiting ? Math.min(periodMs, eagerMs) : periodMs, signal);
  }
}

/** Takes one answer after the other; gives a verdict once enough of them in a row agree. */
function verdictOf({
  successThreshold = 1,
  failureThreshold = 3,
}: Probe): (isWell: boolean) => boolean | undefined {
  let streak = 0;
  let last: boolean | undefined;
  return (isWell) => {
    streak = isWell === last ? streak + 1 : 1;
    last = isWell;
    return streak >= (isWell ? successThreshold : failureThreshold) ? isWell : undefined;
  };
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
