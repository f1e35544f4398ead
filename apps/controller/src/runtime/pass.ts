import { randomUUID } from "node:crypto";
import type { Condition, KubeObject } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";
import { ConditionStage } from "./condition-stage.ts";
import { digestOf } from "./digest.ts";
import { recordEvent } from "./events.ts";
import type { Key } from "./key.ts";
import { mergePatch } from "./merge-patch.ts";
import { done } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import type { Pass, Reconciler, StatusDraft } from "./reconciler.ts";

/** Failures in a row after which the object itself says that the controller cannot get through. */
const FAILURES_BEFORE_CONDITION = 3;

export type PassContext = {
  readonly host: Cluster;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly wakeOn: Pass["wakeOn"];
  /** Failures in a row of this key so far. */
  readonly failures: number;
};

type Status = Record<string, unknown> & { conditions?: Condition[] };
type Bearer = KubeObject & { spec?: unknown; status?: Status };

/** Looks at one object once: reads it, lets its reconciler work, and writes its status if that changed. */
export async function runPass(
  reconciler: Reconciler,
  key: Key,
  context: PassContext,
): Promise<Outcome> {
  const found = await context.host.find(reconciler.kind, key);
  if (!found) return done;
  const isDeleting = found.metadata.deletionTimestamp !== undefined;
  const pass = new RunningPass(reconciler, found, context);
  if (isDeleting) return pass.finalize();
  await pass.ensureFinalizer();
  return pass.reconcile();
}

class RunningPass implements Pass {
  readonly key: Key;
  readonly status: StatusDraft<KubeObject>;
  readonly conditions: ConditionStage;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly wakeOn: Pass["wakeOn"];
  readonly #reconciler: Reconciler;
  readonly #context: PassContext;
  readonly #before: Status;
  #object: Bearer;

  constructor(reconciler: Reconciler, object: KubeObject, context: PassContext) {
    this.#reconciler = reconciler;
    this.#context = context;
    this.#object = object;
    this.#before = this.#object.status ?? {};
    this.key = { namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "" };
    this.status = structuredClone(this.#before);
    this.conditions = new ConditionStage(this.#before.conditions);
    this.log = context.log.child({ key: `${this.key.namespace}/${this.key.name}`, pass: passId() });
    this.signal = context.signal;
    this.now = context.now;
    this.wakeOn = context.wakeOn;
  }

  get object(): KubeObject {
    return this.#object;
  }

  async reconcile(): Promise<Outcome> {
    try {
      const outcome = await this.#reconciler.reconcile(this);
      this.#markObserved();
      await this.#writeStatus();
      return outcome;
    } catch (error) {
      if (!isLostRace(error) && !this.signal.aborted) await this.#reportFailure(error);
      throw error;
    }
  }

  async finalize(): Promise<Outcome> {
    const { finalizer } = this.#reconciler;
    const finalizers = this.#object.metadata.finalizers ?? [];
    if (finalizer === undefined || !finalizers.includes(finalizer)) return done;
    const outcome = (await this.#reconciler.finalize?.(this)) ?? done;
    if (outcome.state === "done") {
      await this.patch({
        metadata: { finalizers: finalizers.filter((name) => name !== finalizer) },
      });
      return outcome;
    }
    this.conditions.keepAll();
    await this.#writeStatus();
    return outcome;
  }

  async ensureFinalizer(): Promise<void> {
    const { finalizer } = this.#reconciler;
    const finalizers = this.#object.metadata.finalizers ?? [];
    if (finalizer === undefined || finalizers.includes(finalizer)) return;
    await this.patch({ metadata: { finalizers: [...finalizers, finalizer] } });
  }

  async patch(body: object): Promise<KubeObject> {
    const metadata = "metadata" in body ? (body.metadata as object) : {};
    const { resourceVersion } = this.#object.metadata;
    const guarded = { ...body, metadata: { ...metadata, resourceVersion } };
    this.#object = await this.#context.host.patch(this.#reconciler.kind, this.key, {
      type: "merge",
      body: guarded,
    });
    return this.#object;
  }

  async event(event: Parameters<Pass["event"]>[0]): Promise<void> {
    const about = { kind: this.#reconciler.kind, object: this.#object };
    await recordEvent(this.#context.host, about, { ...event, at: this.now() });
  }

  #markObserved(): void {
    const { observed = "none" } = this.#reconciler;
    if (observed === "digest") this.status["observedDigest"] = digestOf(this.#object.spec);
    // There is no status subresource: the write that stores the number raises it by one.
    const generation = this.#object.metadata.generation ?? 0;
    const isSeen = this.#before["observedGeneration"] === generation;
    if (observed === "generation" && !isSeen) this.status["observedGeneration"] = generation + 1;
  }

  async #writeStatus(): Promise<void> {
    const conditions = this.conditions.finish(this.now());
    if (conditions.length > 0 || this.#before.conditions) this.status["conditions"] = conditions;
    const change = mergePatch(this.#before, this.status);
    if (change === undefined) return;
    await this.#patchStatus(change);
    await this.#announce(conditions);
  }

  async #patchStatus(status: object): Promise<void> {
    const { kind } = this.#reconciler;
    const hasSubresource = "statusSubresource" in kind && kind.statusSubresource === true;
    if (!hasSubresource) {
      await this.patch({ status });
      return;
    }
    const { resourceVersion } = this.#object.metadata;
    const patch = { type: "merge", body: { metadata: { resourceVersion }, status } } as const;
    this.#object = await this.#context.host.patchSubresource(kind, this.key, "status", patch);
  }

  /** An Event for each condition that is new or changed. */
  async #announce(conditions: readonly Condition[]): Promise<void> {
    const changed = conditions.filter(
      (condition) => this.conditions.before(condition.type) !== condition,
    );
    for (const { type, category, status, message = "" } of changed) {
      const isWarning = status === "True" && ["Critical", "Error", "Warn"].includes(category);
      const event = { type: isWarning ? "Warning" : "Normal", reason: type, message } as const;
      await this.event(event).catch((error: unknown) => {
        this.log.warn({ err: error }, "cannot record an event");
      });
    }
  }

  async #reportFailure(error: unknown): Promise<void> {
    if (this.#context.failures + 1 < FAILURES_BEFORE_CONDITION) return;
    this.conditions.keepAll();
    this.conditions.remove("Ready");
    this.conditions.set({
      type: "ReconcileFailed",
      category: "Critical",
      message: `The controller cannot get through with this object and keeps trying: ${messageOf(error)}`,
    });
    await this.#writeStatus().catch((failure: unknown) => {
      this.log.warn({ err: failure }, "cannot write the failure into the status");
    });
  }
}

/** Someone else changed the object first: nothing failed, the pass is repeated on what is there now. */
export function isLostRace(error: unknown): boolean {
  return error instanceof KubeError && error.isConflict;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function passId(): string {
  return randomUUID().slice(0, 8);
}
