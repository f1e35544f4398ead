import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { openContainerLog } from "../container-log.ts";
import type { ContainerLog } from "../container-log.ts";
import { uidOf } from "../kinds/lab-kind.ts";
import type { ContainerState } from "../kinds/pod.ts";
import type { Program } from "../program.ts";
import { reasonOf } from "../runtime/cluster-view.ts";
import { logKey, logPath } from "./pod-directory.ts";
import type { PodScope } from "./pod-scope.ts";
import { keepProbing } from "./probe.ts";
import { isRestarted, restartPolicyOf } from "./pod-status.ts";
import type { ContainerProgress } from "./pod-status.ts";
import { runProgram } from "./run-program.ts";
import type { ProgramRun } from "./run-program.ts";
import { startContext } from "./start-context.ts";

const firstBackoffMs = 1_000;
const lastBackoffMs = 60_000;
/** A container that ran this long is in good health: its next restart is prompt. */
const healthyMs = 10 * 60_000;

/** Runs a container, again and again as its pod's policy wants, until it ends for good or the pod does. */
export async function superviseContainer(
  scope: PodScope,
  progress: ContainerProgress,
): Promise<void> {
  let backoffMs = 0;
  while (!scope.signal.aborted) {
    const startedAt = performance.now();
    const exitCode = await attempt(scope, progress);
    if (scope.signal.aborted) return;
    if (exitCode !== undefined) {
      if (!isRestarted(restartPolicyOf(scope.pod()), progress.isInit, exitCode)) return;
      if (performance.now() - startedAt > healthyMs) backoffMs = 0;
    }
    await waitForRetry(scope, progress, { exitCode, backoffMs });
    backoffMs = Math.min(lastBackoffMs, Math.max(firstBackoffMs, backoffMs * 2));
  }
}

type Retry = { readonly exitCode: number | undefined; readonly backoffMs: number };

async function waitForRetry(
  scope: PodScope,
  progress: ContainerProgress,
  retry: Retry,
): Promise<void> {
  const { exitCode, backoffMs } = retry;
  if (exitCode !== undefined && backoffMs > 0) {
    const message = `back-off ${backoffMs / 1000}s restarting failed container=${progress.spec.name}`;
    waitingFor(scope, progress, { reason: "CrashLoopBackOff", message });
    scope.events.warning(
      scope.pod(),
      "BackOff",
      `Back-off restarting failed container ${progress.spec.name}`,
    );
  }
  // What could not be started yet is tried again after a while even the first time.
  const delayMs = exitCode === undefined ? Math.max(firstBackoffMs, backoffMs) : backoffMs;
  await sleep(delayMs, undefined, { signal: scope.signal }).catch(() => undefined);
  if (progress.state.waiting?.reason === "ErrImagePull") {
    const message = `Back-off pulling image "${progress.spec.image}"`;
    waitingFor(scope, progress, { reason: "ImagePullBackOff", message });
  }
}

/** One run. Undefined when the container could not be started; its state says why. */
async function attempt(scope: PodScope, progress: ContainerProgress): Promise<number | undefined> {
  const { image, name } = progress.spec;
  const program = scope.programs.find(image);
  if (program === undefined) {
    if (progress.state.waiting?.reason === "ImagePullBackOff") return undefined;
    const message = `image "${image}" is not one of the lab's programs`;
    scope.events.warning(scope.pod(), "Failed", `Failed to pull image "${image}": ${message}`);
    waitingFor(scope, progress, { reason: "ErrImagePull", message });
    return undefined;
  }
  const log = openContainerLog(logPath(scope.podDir, name, nextRestart(progress)));
  try {
    const context = await startContext(scope, progress.spec);
    return await runOnce(scope, progress, { program, log, ...context });
  } catch (error) {
    const message = reasonOf(error);
    scope.events.warning(scope.pod(), "Failed", `Error: ${message}`);
    waitingFor(scope, progress, { reason: "CreateContainerConfigError", message });
    return undefined;
  } finally {
    log.end();
  }
}

type Start = Pick<ProgramRun, "env" | "root"> & {
  readonly program: Program;
  readonly log: ContainerLog;
};

async function runOnce(
  scope: PodScope,
  progress: ContainerProgress,
  start: Start,
): Promise<number> {
  const { spec } = progress;
  const stopping = new AbortController();
  const startedAt = enterRunning(scope, progress);
  const key = logKey(uidOf(scope.pod()), spec.name);
  scope.liveLogs.set(key, start.log);
  const health = watchHealth(scope, progress, stopping);
  const killed = AbortSignal.any([scope.killed, health.killed]);
  const exitCode = await runProgram(start.program, {
    cluster: scope.view.clusterName,
    pod: scope.pod(),
    container: spec,
    podIP: scope.podIP,
    podDir: scope.podDir,
    env: start.env,
    root: start.root,
    log: start.log,
    resolve: scope.resolve,
    signal: AbortSignal.any([scope.signal, stopping.signal]),
    killed,
  });
  health.end();
  start.log.end();
  scope.liveLogs.delete(key);
  enterTerminated(scope, progress, { exitCode, startedAt });
  return exitCode;
}

function enterRunning(scope: PodScope, progress: ContainerProgress): string {
  const startedAt = seconds(new Date());
  const restart = nextRestart(progress);
  const ended = progress.state.terminated ?? progress.lastState.terminated;
  progress.lastState = ended === undefined ? {} : { terminated: ended };
  progress.restartCount = restart;
  progress.containerID = `lab://${randomUUID().replaceAll("-", "")}`;
  progress.state = { running: { startedAt } };
  progress.isReady = !progress.isInit && progress.spec.readinessProbe === undefined;
  scope.events.normal(scope.pod(), "Started", `Started container ${progress.spec.name}`);
  scope.publish();
  void rm(logPath(scope.podDir, progress.spec.name, restart - 2), { force: true });
  void rm(`${logPath(scope.podDir, progress.spec.name, restart - 2)}.1`, { force: true });
  return startedAt;
}

type End = { readonly exitCode: number; readonly startedAt: string };

function enterTerminated(
  scope: PodScope,
  progress: ContainerProgress,
  { exitCode, startedAt }: End,
): void {
  progress.isReady = false;
  progress.state = {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      startedAt,
      finishedAt: seconds(new Date()),
      ...(progress.containerID === undefined ? {} : { containerID: progress.containerID }),
    },
  };
  scope.publish();
}

function watchHealth(
  scope: PodScope,
  progress: ContainerProgress,
  stopping: AbortController,
): { killed: AbortSignal; end(): void } {
  const ending = new AbortController();
  const killing = new AbortController();
  const { spec } = progress;
  const probing = { container: spec, podIP: scope.podIP, signal: ending.signal };
  if (spec.readinessProbe !== undefined && !progress.isInit) {
    const onVerdict = (isWell: boolean): void => {
      progress.isReady = isWell;
      scope.publish();
    };
    void keepProbing({ ...probing, isEager: true, probe: spec.readinessProbe, onVerdict });
  }
  if (spec.livenessProbe !== undefined && !progress.isInit) {
    const graceMs = (scope.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const onVerdict = (isWell: boolean): void => {
      if (isWell) return;
      scope.events.warning(
        scope.pod(),
        "Unhealthy",
        `Liveness probe failed: container ${spec.name} is restarted`,
      );
      stopping.abort();
      const kill = (): void => killing.abort();
      sleep(graceMs, undefined, { signal: ending.signal }).then(kill, () => undefined);
    };
    void keepProbing({ ...probing, isEager: false, probe: spec.livenessProbe, onVerdict });
  }
  return { killed: killing.signal, end: () => ending.abort() };
}

function waitingFor(
  scope: PodScope,
  progress: ContainerProgress,
  waiting: NonNullable<ContainerState["waiting"]>,
): void {
  if (progress.state.terminated !== undefined)
    progress.lastState = { terminated: progress.state.terminated };
  progress.state = { waiting };
  scope.publish();
}

// The first run of a container is restart 0; every run leaves an end behind, in `state` or `lastState`.
function nextRestart({ state, lastState, restartCount }: ContainerProgress): number {
  const hasRun = state.terminated !== undefined || lastState.terminated !== undefined;
  return hasRun ? restartCount + 1 : restartCount;
}

/** A time as Kubernetes writes it. */
export function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
