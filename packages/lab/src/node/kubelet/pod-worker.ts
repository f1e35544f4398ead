import { setTimeout as sleep } from "node:timers/promises";
import { mkdir } from "node:fs/promises";
import type { Pod } from "../kinds/pod.ts";
import { Pod as PodKind } from "../kinds/pod.ts";
import { reasonOf } from "../runtime/cluster-view.ts";
import { seconds, superviseContainer } from "./container-supervisor.ts";
import type { PodScope } from "./pod-scope.ts";
import { hasSucceeded, isRestarted, podStatus, progressOf, restartPolicyOf } from "./pod-status.ts";
import type { ContainerProgress, PodProgress } from "./pod-status.ts";
import { prepareAccount, prepareVolumes } from "./pod-volumes.ts";
import type { PreparedVolume, VolumeSources } from "./pod-volumes.ts";
import { statusPublisher } from "./status-publisher.ts";
import type { StatusPublisher } from "./status-publisher.ts";

/** Runs one pod from its binding to its end. */
export type PodWorker = {
  /** The pod changed; a deletion stops it within its grace period. */
  update(pod: Pod): void;
  /** Stops the programs without a word to the API server: the lab itself is going down. */
  stop(graceMs: number): Promise<void>;
  /** The pod is gone from the API server: nothing of it may go on. */
  kill(): Promise<void>;
  readonly done: Promise<void>;
};

export type WorkerOptions = Omit<PodScope, "pod" | "volumes" | "signal" | "killed" | "publish"> & {
  readonly first: Pod;
};

const volumeRetryMs = 1_000;
const accountRetryMs = 100;
const accountTries = 5;

export function podWorker(options: WorkerOptions): PodWorker {
  let pod = options.first;
  const term = new AbortController();
  const kill = new AbortController();
  const progress: PodProgress = {
    podIP: options.podIP,
    startTime: pod.status?.startTime ?? seconds(new Date()),
    init: (pod.spec.initContainers ?? []).map((container) => progressOf(pod, container, true)),
    main: pod.spec.containers.map((container) => progressOf(pod, container, false)),
  };
  const publisher = statusPublisher({
    view: options.view,
    pod: () => pod,
    status: () => podStatus(pod, progress, seconds(new Date())),
  });
  const scope: Omit<PodScope, "volumes"> = {
    ...options,
    pod: () => pod,
    signal: term.signal,
    killed: kill.signal,
    publish: () => publisher.publish(),
  };
  const end = async (graceMs: number): Promise<void> => {
    term.abort();
    const killTimer = new AbortController();
    const killNow = (): void => kill.abort();
    sleep(graceMs, undefined, { signal: killTimer.signal }).then(killNow, () => undefined);
    await done.finally(() => killTimer.abort());
  };
  const done = livePod(scope, progress, publisher);
  const update = (next: Pod): void => {
    pod = next;
    const { deletionTimestamp, deletionGracePeriodSeconds } = next.metadata;
    if (deletionTimestamp === undefined || term.signal.aborted) return;
    options.events.normal(pod, "Killing", "Stopping the containers of the pod");
    void end(Number(deletionGracePeriodSeconds ?? 30) * 1000);
  };
  if (pod.metadata.deletionTimestamp !== undefined) update(pod);
  return {
    update,
    async stop(graceMs) {
      publisher.stop();
      await end(graceMs);
    },
    async kill() {
      publisher.stop();
      kill.abort();
      await end(0);
    },
    done,
  };
}

async function livePod(
  base: Omit<PodScope, "volumes">,
  progress: PodProgress,
  publisher: StatusPublisher,
): Promise<void> {
  try {
    enterAfterRestart(base, progress);
    publisher.publish();
    const volumes = await volumesOf(base);
    if (volumes !== undefined) await runContainers({ ...base, volumes }, progress);
  } catch (error) {
    base.view.log.error({ pod: base.pod().metadata.name, reason: reasonOf(error) }, "pod failed");
    progress.failure = { reason: "Error", message: reasonOf(error) };
  }
  publisher.publish();
  await publisher.written();
}

/** Retries until the volumes are there; undefined when the pod ends before. */
async function volumesOf(
  base: Omit<PodScope, "volumes">,
): Promise<Map<string, PreparedVolume> | undefined> {
  const { view, layout, podDir, podIP, signal } = base;
  const sources = { cluster: view.cluster, layout, podDir, podIP };
  const account = await accountOf(base, sources);
  while (!signal.aborted) {
    try {
      await mkdir(podDir, { recursive: true });
      return new Map([...account, ...(await prepareVolumes(base.pod(), sources))]);
    } catch (error) {
      base.events.warning(base.pod(), "FailedMount", reasonOf(error));
      await sleep(volumeRetryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** The account of a new namespace may take a moment; a pod whose account never comes runs without its token. */
async function accountOf(
  base: Omit<PodScope, "volumes">,
  sources: VolumeSources,
): Promise<Map<string, PreparedVolume>> {
  for (let tried = 0; tried < accountTries && !base.signal.aborted; tried += 1) {
    try {
      return await prepareAccount(base.pod(), sources);
    } catch (error) {
      base.view.log.debug({ reason: reasonOf(error) }, "no service account token yet");
      if (tried === accountTries - 1)
        base.events.warning(base.pod(), "NoAccountToken", reasonOf(error));
      await sleep(accountRetryMs, undefined, { signal: base.signal }).catch(() => undefined);
    }
  }
  return new Map();
}

async function runContainers(scope: PodScope, progress: PodProgress): Promise<void> {
  for (const container of progress.init) {
    if (hasSucceeded(container)) continue;
    await superviseContainer(scope, container);
    if (scope.signal.aborted || !hasSucceeded(container)) return;
  }
  const policy = restartPolicyOf(scope.pod());
  const toRun = progress.main.filter(
    ({ state }) =>
      state.terminated === undefined || isRestarted(policy, false, state.terminated.exitCode),
  );
  for (const container of toRun) {
    if (container.state.waiting !== undefined)
      container.state = { waiting: { reason: "ContainerCreating" } };
  }
  scope.publish();
  await Promise.all(toRun.map((container) => superviseContainer(scope, container)));
}

/** A container that ran when the lab went down was killed then; its status still says it runs. */
function enterAfterRestart(base: Omit<PodScope, "volumes">, progress: PodProgress): void {
  const lost = [...progress.init, ...progress.main].filter(
    ({ state }) => state.running !== undefined,
  );
  for (const container of lost) container.state = { terminated: killedEnd(container) };
  if (lost.length === 0) return;
  base.events.normal(
    base.pod(),
    "SandboxChanged",
    "The node was restarted; the pod is started again",
  );
}

function killedEnd(
  container: ContainerProgress,
): NonNullable<ContainerProgress["state"]["terminated"]> {
  const now = seconds(new Date());
  return {
    exitCode: 137,
    reason: "Error",
    message: "The node was restarted while the container ran.",
    startedAt: container.state.running?.startedAt ?? now,
    finishedAt: now,
    ...(container.containerID === undefined ? {} : { containerID: container.containerID }),
  };
}

/** Takes a pod whose containers are stopped out of the API server. */
export async function releasePod(scope: Pick<PodScope, "view">, pod: Pod): Promise<void> {
  await scope.view.remove(PodKind, pod, { gracePeriodSeconds: 0 });
}
