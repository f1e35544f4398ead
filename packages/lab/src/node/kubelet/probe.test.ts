import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runningLab } from "../../testing/running-lab.ts";
import type { RunningLab } from "../../testing/running-lab.ts";
import { Event } from "../kinds/cluster-objects.ts";
import { typeOf } from "../kinds/lab-kind.ts";
import { Pod } from "../kinds/pod.ts";
import type { ContainerStatus, Probe } from "../kinds/pod.ts";
import type { Program } from "../program.ts";

let running: RunningLab;
const namespace = "default";

/** Listens after `DELAY_MS` for `LISTEN_MS`, and goes on without listening; STUBBORN is deaf to SIGTERM. */
const sickens: Program = async ({ podIP, env, signal, killed }) => {
  const server = createServer((socket) => socket.destroy());
  const end = env["STUBBORN"] === undefined ? signal : killed;
  const pause = (ms: number) => sleep(ms, undefined, { signal: end }).catch(() => undefined);
  await pause(Number(env["DELAY_MS"] ?? 0));
  if (!end.aborted) server.listen(8080, podIP);
  await pause(Number(env["LISTEN_MS"] ?? 3_600_000));
  server.close();
  if (!end.aborted) await once(end, "abort");
  return 0;
};

beforeAll(async () => {
  running = await runningLab({ programs: { "test/sickens": sickens } });
});
afterAll(() => running.close());

async function start(
  name: string,
  env: Record<string, string>,
  probe: Partial<Probe> = {},
): Promise<void> {
  await running.source.create(Pod, {
    ...typeOf(Pod),
    metadata: { name, namespace },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "c",
          image: "test/sickens:1",
          env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
          livenessProbe: {
            tcpSocket: { port: 8080 },
            periodSeconds: 1,
            failureThreshold: 1,
            ...probe,
          },
        },
      ],
    },
  });
}

async function statusOf(name: string): Promise<ContainerStatus | undefined> {
  return (await running.source.get(Pod, { namespace, name })).status?.containerStatuses?.[0];
}

test("a container that stops answering its liveness probe is asked to end and started again", async () => {
  await start("sick", { LISTEN_MS: "1500" });
  await expect.poll(async () => (await statusOf("sick"))?.restartCount).toBeGreaterThan(0);
  const status = await statusOf("sick");
  expect(status?.lastState.terminated?.exitCode).toBe(0);
  const events = await running.source.list(Event, { namespace });
  const told = events.filter(({ involvedObject }) => involvedObject.name === "sick");
  expect(told.map(({ reason }) => reason)).toContain("Unhealthy");
});

test("one that does not end then is killed when its grace period is over", async () => {
  await start("deaf", { LISTEN_MS: "200", STUBBORN: "yes" });
  await expect.poll(async () => (await statusOf("deaf"))?.lastState.terminated?.exitCode).toBe(137);
});

test("one that is slow to start has the time its probe allows, and one that is well is left alone", async () => {
  await start("slow", { DELAY_MS: "1800" }, { failureThreshold: 9 });
  await start("well", {}, { initialDelaySeconds: 4 });
  await sleep(6_000);
  for (const name of ["slow", "well"]) {
    const status = await statusOf(name);
    expect(status?.restartCount, name).toBe(0);
    expect(status?.state.running, name).toBeDefined();
  }
});
