import type { ClusterLayout } from "../../lab-layout.ts";
import type { ContainerLog } from "../container-log.ts";
import type { Pod } from "../kinds/pod.ts";
import type { ProgramRegistry } from "../program-registry.ts";
import type { LabNetwork } from "../lab-network.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import type { EventRecorder } from "../runtime/event-recorder.ts";
import type { PreparedVolume } from "./pod-volumes.ts";

/** What everything that serves one pod shares. */
export type PodScope = {
  readonly view: ClusterView;
  readonly layout: ClusterLayout;
  readonly programs: ProgramRegistry;
  readonly events: EventRecorder;
  /** Where hosts lead that the lab serves. */
  readonly resolve: LabNetwork["resolve"];
  /** Logs of running containers. */
  readonly liveLogs: Map<string, ContainerLog>;
  /** Set for every container: where its API server is. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** The pod as last seen. */
  readonly pod: () => Pod;
  readonly podDir: string;
  readonly podIP: string;
  readonly volumes: ReadonlyMap<string, PreparedVolume>;
  /** SIGTERM for the whole pod. */
  readonly signal: AbortSignal;
  /** SIGKILL for the whole pod. */
  readonly killed: AbortSignal;
  /** The status changed; write it soon. */
  readonly publish: () => void;
};
