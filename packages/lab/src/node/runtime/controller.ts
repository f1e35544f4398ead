import type { KubeObject, ResourceKind } from "@drover/crds";
import type { ClusterView } from "./cluster-view.ts";
import { reasonOf } from "./cluster-view.ts";
import { keyQueue } from "./key-queue.ts";
import type { KeyQueue } from "./key-queue.ts";

/** A kind whose changes wake a controller, and which keys each of its objects wakes. */
export type Trigger = {
  readonly attach: (view: ClusterView, queue: KeyQueue) => { ready: Promise<void>; detach(): void };
};

export type Controller = {
  readonly name: string;
  readonly triggers: readonly Trigger[];
  /** Makes the world as the object of this key wants it. Returns when to look again, if time alone matters. */
  readonly reconcile: (key: string) => Promise<number | undefined>;
  readonly concurrency?: number;
};

export type Running = { close(): Promise<void> };

/** Wakes `keysOf(object)` on every change of the kind, and for each object there at the start. */
export function onChangeOf<T extends KubeObject>(
  kind: ResourceKind<T>,
  keysOf: (object: T, view: ClusterView) => readonly string[],
): Trigger {
  return {
    attach(view, queue) {
      const objects = view.watch(kind);
      const wake = (object: T): void => keysOf(object, view).forEach((key) => queue.add(key));
      const detach = objects.onChange(({ object, previous }) => {
        wake(object);
        if (previous !== undefined) wake(previous);
      });
      objects.list().forEach(wake);
      return { ready: objects.ready, detach };
    },
  };
}

/** Runs a controller until it is closed. No key is looked at before every kind it watches is known. */
export function runController(view: ClusterView, controller: Controller): Running {
  const log = view.log.child({ controller: controller.name });
  const triggers: { ready: Promise<void>; detach(): void }[] = [];
  const ready = Promise.withResolvers<void>();
  const queue = keyQueue({
    work: async (key) => {
      await ready.promise;
      return controller.reconcile(key);
    },
    onFailure: (key, error) =>
      log.debug({ key, reason: reasonOf(error) }, "pass failed; trying again"),
    ...(controller.concurrency === undefined ? {} : { concurrency: controller.concurrency }),
  });
  triggers.push(...controller.triggers.map((trigger) => trigger.attach(view, queue)));
  // A store that is closed before its first list ends the wait, not the process: the queue is closed by then.
  Promise.all(triggers.map((trigger) => trigger.ready)).then(
    () => ready.resolve(),
    (error: unknown) => ready.reject(error),
  );
  ready.promise.catch((error: unknown) => log.debug({ reason: reasonOf(error) }, "never started"));
  return {
    async close() {
      triggers.forEach((trigger) => trigger.detach());
      ready.reject(new Error(`${controller.name} was closed.`));
      await queue.close();
    },
  };
}
