import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster, ObjectRef } from "@drover/kube";
import type { Logger } from "pino";
import type { ConditionStage } from "./condition-stage.ts";
import type { Key } from "./key.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Carries out one kind. The runtime watches the kind in the controller's namespace on the host cluster and calls
 * `reconcile` with one key at a time; equal keys merge, and a key is never in flight twice.
 */
export type Reconciler<T extends KubeObject = KubeObject> = {
  readonly kind: ResourceKind<T>;
  /** Keys worked on at the same time; 1 when absent. */
  readonly workers?: number;
  /** Put on every object before its first pass and taken off when `finalize` is done. */
  readonly finalizer?: string;
  /** How `status` says that this spec was seen: upstream uses a digest for most kinds. `none` when absent. */
  readonly observed?: "digest" | "generation" | "none";
  /** Called once at start: standing watches on other kinds that wake objects of this kind. */
  wakes?(wake: StandingWakes): Promise<void>;
  /** Reads the world, makes the next moves, fills `pass.status` and `pass.conditions`. */
  reconcile(pass: Pass<T>): Promise<Outcome>;
  /** Called before metrics are read, with every object of the kind. */
  measure?(objects: readonly T[]): void;
  /** Called instead of `reconcile` once the object is being deleted, until it returns done. */
  finalize?(pass: Pass<T>): Promise<Outcome>;
};

export type { Key } from "./key.ts";

/** One look at one object. */
export type Pass<T extends KubeObject = KubeObject> = {
  readonly key: Key;
  /** The object as read at the start of the pass, or as the last `patch` left it. Do not change it in place. */
  readonly object: T;
  /** The draft of `status`; change it freely. It is written once, after the pass, and only if it changed. */
  readonly status: StatusDraft<T>;
  readonly conditions: ConditionStage;
  readonly log: Logger;
  readonly signal: AbortSignal;
  now(): Date;
  /** Merge-patches the object itself (spec, labels, annotations), refused when someone else changed it meanwhile. */
  patch(body: object): Promise<T>;
  /** Records an Event on the object; the same one again only counts up. */
  event(event: PassEvent): Promise<void>;
  /**
   * Wakes this key whenever a matching object changes. Renewed by each pass: a watch that the latest pass did not
   * ask for is given up. Resolves once the watch is in step, so a fact read afterwards cannot change unnoticed.
   */
  wakeOn<W extends KubeObject>(watch: WatchTarget<W>): Promise<WatchedObjects<W>>;
};

/** `status` without undefined at the top, for drafting. */
export type StatusDraft<T> = T extends { status?: infer S }
  ? NonNullable<S>
  : Record<string, unknown>;

export type PassEvent = {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
};

export type WatchTarget<W extends KubeObject = KubeObject> = {
  readonly cluster: Cluster;
  readonly kind: ResourceKind<W>;
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Wakes only for objects this accepts. */
  readonly matches?: (object: W) => boolean;
};

/** The watched objects as the cluster last told; always at least as new as when `wakeOn` resolved. */
export type WatchedObjects<W extends KubeObject> = {
  list(): readonly W[];
  find(ref: ObjectRef): W | undefined;
};

/** Which keys have to be looked at when an object changed; `previous` is undefined when it is new or gone. */
export type OwnersOf<W> = (
  object: W,
  previous: W | undefined,
) => readonly Key[] | Promise<readonly Key[]>;

export type StandingWakes = {
  /** The cluster that holds our resources. */
  readonly host: Cluster;
  readonly namespace: string;
  /** Whenever a watched object changes, the keys that `owners` names are looked at again. */
  on<W extends KubeObject>(watch: WatchTarget<W>, owners: OwnersOf<W>): Promise<void>;
  /** Looks at a key again now; for sources that are not a watch. */
  wake(key: Key): void;
};
