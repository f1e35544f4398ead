import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterLayout } from "../../lab-layout.ts";
import type { AddressPool } from "../address-pool.ts";
import type { ContainerLog } from "../container-log.ts";
import { uidOf } from "../kinds/lab-kind.ts";
import { isFinished, Pod } from "../kinds/pod.ts";
import type { LabNetwork } from "../lab-network.ts";
import type { ProgramRegistry } from "../program-registry.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { reasonOf } from "../runtime/cluster-view.ts";
import type { Running } from "../runtime/controller.ts";
import { eventRecorder } from "../runtime/event-recorder.ts";
import { killLeftovers, sweepPodDirs } from "./leftovers.ts";
import { podWorker, releasePod } from "./pod-worker.ts";
import type { PodWorker } from "./pod-worker.ts";

export type KubeletOptions = {
  readonly view: ClusterView;
  readonly nodeName: string;
  readonly layout: ClusterLayout;
  readonly programs: ProgramRegistry;
  readonly addresses: AddressPool;
  readonly resolve: LabNetwork["resolve"];
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly liveLogs: Map<string, ContainerLog>;
};

/** How long programs get when the lab goes down. */
const shutdownGraceMs = 3_000;

/** Runs the pods bound to this node. */
export async function startKubelet(options: KubeletOptions): Promise<Running> {
  const { view, nodeName, layout, addresses } = options;
  const events = eventRecorder(view, "kubelet", nodeName);
  const workers = new Map<string, PodWorker>();
  const pods = view.watch(Pod);
  let isClosed = false;
  await killLeftovers(layout.podsDir);
  await pods.ready;
  await sweepPodDirs(layout.podsDir, new Set(pods.list().map(uidOf)));
  for (const { status } of pods.list())
    if (status?.podIP !== undefined) addresses.keep(status.podIP);

  const start = (pod: Pod): void => {
    const podIP = pod.status?.podIP ?? addresses.take();
    const podDir = join(layout.podsDir, uidOf(pod));
    const worker = podWorker({ ...options, events, podDir, podIP, first: pod });
    workers.set(uidOf(pod), worker);
    worker.done.then(
      () => finish(uidOf(pod)),
      (error: unknown) => view.log.error({ reason: reasonOf(error) }, "pod worker failed"),
    );
  };
  const finish = (uid: string): void => {
    const pod = pods.list().find((one) => uidOf(one) === uid);
    if (isClosed || pod?.metadata.deletionTimestamp === undefined) return;
    release(pod);
  };
  const release = (pod: Pod): void => {
    releasePod({ view }, pod).catch((error: unknown) => {
      view.log.debug({ pod: pod.metadata.name, reason: reasonOf(error) }, "pod not released");
      setTimeout(() => finish(uidOf(pod)), 500).unref();
    });
  };
  const forget = async (pod: Pod): Promise<void> => {
    const worker = workers.get(uidOf(pod));
    workers.delete(uidOf(pod));
    await worker?.kill();
    const { podIP } = pod.status ?? {};
    if (podIP !== undefined) addresses.release(podIP);
    await rm(join(layout.podsDir, uidOf(pod)), { recursive: true, force: true, maxRetries: 3 });
  };
  const see = (pod: Pod): void => {
    if (isClosed || pod.spec.nodeName !== nodeName) return;
    const worker = workers.get(uidOf(pod));
    if (worker !== undefined) worker.update(pod);
    else if (!isFinished(pod)) start(pod);
    else if (pod.metadata.deletionTimestamp !== undefined) release(pod);
    if (worker !== undefined && isFinished(pod)) void worker.done.then(() => finish(uidOf(pod)));
  };
  const detach = pods.onChange(({ type, object, previous }) => {
    const replaced = previous !== undefined && uidOf(previous) !== uidOf(object);
    if (type === "DELETED" || replaced) {
      forget(replaced ? previous : object).catch((error: unknown) =>
        view.log.error({ reason: reasonOf(error) }, "pod directory not removed"),
      );
    }
    if (type !== "DELETED") see(object);
  });
  pods.list().forEach(see);
  return {
    async close() {
      isClosed = true;
      detach();
      await Promise.all([...workers.values()].map((worker) => worker.stop(shutdownGraceMs)));
    },
  };
}
