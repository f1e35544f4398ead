import { containerStatusesOf } from "../kinds/pod.ts";
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodCondition,
  PodPhase,
  PodStatus,
  RestartPolicy,
} from "../kinds/pod.ts";

/** How far one container of a pod is. */
export type ContainerProgress = {
  readonly spec: Container;
  readonly isInit: boolean;
  state: ContainerState;
  lastState: ContainerState;
  restartCount: number;
  isReady: boolean;
  containerID: string | undefined;
};

export type PodProgress = {
  readonly podIP: string;
  readonly startTime: string;
  readonly init: readonly ContainerProgress[];
  readonly main: readonly ContainerProgress[];
  /** Set when something other than its containers ended the pod. */
  failure?: { readonly reason: string; readonly message: string };
};

const hostIP = "127.0.0.1";

/** The progress of a container as its status told it, or at its beginning. */
export function progressOf(pod: Pod, spec: Container, isInit: boolean): ContainerProgress {
  const status = containerStatusesOf(pod).find(({ name }) => name === spec.name);
  const fresh = {
    state: { waiting: { reason: "PodInitializing" } },
    lastState: {},
    restartCount: 0,
  };
  const { state, lastState, restartCount } = status ?? fresh;
  const containerID = status?.containerID;
  return { spec, isInit, state, lastState, restartCount, containerID, isReady: false };
}

/** The status of a pod, from how far its containers are. `now` is the time of conditions that change. */
export function podStatus(pod: Pod, progress: PodProgress, now: string): PodStatus {
  const { init, main, podIP, startTime, failure } = progress;
  const phase = phaseOf(pod, progress);
  return {
    phase,
    conditions: conditionsOf(pod, progress, { phase, now }),
    hostIP,
    podIP,
    podIPs: [{ ip: podIP }],
    startTime,
    qosClass: "BestEffort",
    ...failure,
    ...(init.length > 0 ? { initContainerStatuses: init.map(containerStatus) } : {}),
    containerStatuses: main.map(containerStatus),
  };
}

export function restartPolicyOf(pod: Pod): RestartPolicy {
  return pod.spec.restartPolicy ?? "Always";
}

/** Whether a container that ended with this code is started again. Init containers run until they succeed. */
export function isRestarted(policy: RestartPolicy, isInit: boolean, exitCode: number): boolean {
  if (policy === "Never") return false;
  return exitCode !== 0 || (policy === "Always" && !isInit);
}

export function hasSucceeded({ state }: ContainerProgress): boolean {
  return state.terminated?.exitCode === 0;
}

function phaseOf(pod: Pod, { init, main, failure }: PodProgress): PodPhase {
  if (failure !== undefined) return "Failed";
  const policy = restartPolicyOf(pod);
  if (!init.every(hasSucceeded)) {
    const hasFailed = init.some(
      ({ state }) => state.terminated !== undefined && state.terminated.exitCode !== 0,
    );
    return hasFailed && policy === "Never" ? "Failed" : "Pending";
  }
  if (
    main.some(
      ({ state, lastState }) => state.waiting !== undefined && lastState.terminated === undefined,
    )
  ) {
    return "Pending";
  }
  const isGoingOn = ({ state }: ContainerProgress): boolean =>
    state.terminated === undefined || isRestarted(policy, false, state.terminated.exitCode);
  const isEnding = pod.metadata.deletionTimestamp !== undefined;
  if (main.some((one) => (isEnding ? one.state.running !== undefined : isGoingOn(one))))
    return "Running";
  return main.every(hasSucceeded) ? "Succeeded" : "Failed";
}

type Moment = { readonly phase: PodPhase; readonly now: string };

function conditionsOf(
  pod: Pod,
  { init, main }: PodProgress,
  { phase, now }: Moment,
): PodCondition[] {
  const isInitialized = init.every(hasSucceeded);
  const unready = main.filter(({ isReady }) => !isReady).map(({ spec }) => spec.name);
  const readiness: Omit<PodCondition, "type"> =
    phase === "Succeeded"
      ? { status: "False", reason: "PodCompleted" }
      : unready.length > 0
        ? {
            status: "False",
            reason: "ContainersNotReady",
            message: `containers with unready status: [${unready.join(" ")}]`,
          }
        : { status: "True" };
  const wanted: PodCondition[] = [
    { type: "PodScheduled", status: "True" },
    isInitialized
      ? { type: "Initialized", status: "True" }
      : { type: "Initialized", status: "False", reason: "ContainersNotInitialized" },
    { type: "ContainersReady", ...readiness },
    { type: "Ready", ...readiness },
  ];
  return wanted.map((condition) => {
    const before = pod.status?.conditions?.find(({ type }) => type === condition.type);
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: since ?? now };
  });
}

function containerStatus(progress: ContainerProgress): ContainerStatus {
  const { spec, state, lastState, restartCount, isReady, containerID } = progress;
  return {
    name: spec.name,
    image: spec.image,
    imageID: containerID === undefined ? "" : spec.image,
    ...(containerID === undefined ? {} : { containerID }),
    ready: progress.isInit ? hasSucceeded(progress) : isReady,
    started: state.running !== undefined,
    restartCount,
    state,
    lastState,
  };
}
