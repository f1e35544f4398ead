import { conflict, notFound } from "../http/status-error.ts";
import { at, fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields, Metadata } from "../json.ts";
import type { StoredEntry } from "../store/stored-entry.ts";
import { strategyFor } from "../kinds/strategy-table.ts";
import { finishDeletion } from "./finish-deletion.ts";
import { timestamp } from "./metadata.ts";
import { saveObject } from "./save-object.ts";
import type { WriteScope } from "./write-scope.ts";

export type DeleteRequest = {
  readonly gracePeriodSeconds: number | undefined;
  readonly propagation: "Foreground" | "Background" | "Orphan" | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
};

export type Deletion = { readonly object: ApiObject; readonly gone: boolean };

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

/** Deletes as Kubernetes does: at once, or marked as terminating while finalizers or a grace period hold it. */
export function deleteObject(scope: WriteScope, name: string, request: DeleteRequest): Deletion {
  const entry = scope.server.store.find(scope.resource.storage, scope.namespace, name);
  if (entry === undefined) throw notFound(scope.resource, name);
  checkPreconditions(scope, entry, request);
  const stored = entry.object;
  const strategy = strategyFor(scope.resource);
  strategy.checkDelete?.(stored, scope);
  const finalizers = finalizersFor(stored, request.propagation, strategy.deletionFinalizers);
  const seconds = gracePeriod(scope, stored, request);
  const waits = finalizers.length > 0 || seconds > 0 || hasContents(stored);
  if (!waits) return { object: finishDeletion(scope, entry, lastWords(scope, stored)), gone: true };
  const marked = terminating(scope, stored, { finalizers, seconds });
  if (marked === undefined) return { object: stored, gone: false };
  return { object: saveObject(scope, marked), gone: false };
}

function checkPreconditions(scope: WriteScope, entry: StoredEntry, request: DeleteRequest): void {
  const { uid, name } = entry.object.metadata;
  if (request.uid !== undefined && request.uid !== uid) {
    const why = `the UID in the precondition (${request.uid}) does not match the UID in record (${uid ?? ""}). The object might have been deleted and then recreated`;
    throw conflict(scope.resource, name, why);
  }
  const version = request.resourceVersion;
  if (version !== undefined && version !== String(entry.revision)) {
    const why = `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${entry.revision}). The object might have been modified`;
    throw conflict(scope.resource, name, why);
  }
}

function finalizersFor(
  stored: ApiObject,
  propagation: DeleteRequest["propagation"],
  added: readonly string[] = [],
): readonly string[] {
  const own = stored.metadata.finalizers ?? [];
  const isFirst = stored.metadata.deletionTimestamp === undefined;
  const all = isFirst ? [...own, ...added.filter((name) => !own.includes(name))] : own;
  const kept = all.filter(
    (name) => propagation === undefined || (name !== ORPHAN && name !== FOREGROUND),
  );
  if (propagation === "Orphan") return [...kept, ORPHAN];
  if (propagation === "Foreground") return [...kept, FOREGROUND];
  return kept;
}

/** A pod's deletion is written down before it goes, even when it goes at once. */
function lastWords(scope: WriteScope, stored: ApiObject): ApiObject {
  if (scope.resource.storage !== "pods") return stored;
  const marked = terminating(scope, stored, { finalizers: [], seconds: 0 });
  return marked === undefined ? stored : saveObject(scope, marked);
}

/** Seconds a pod may take to stop; nothing else has a grace period. */
function gracePeriod(scope: WriteScope, stored: ApiObject, request: DeleteRequest): number {
  if (scope.resource.storage !== "pods") return 0;
  const already = stored.metadata.deletionGracePeriodSeconds;
  const spec = fieldsOf(stored["spec"]);
  const phase = at(stored, "status", "phase");
  if (textOf(spec["nodeName"]) === undefined || phase === "Failed" || phase === "Succeeded") {
    return 0;
  }
  const asked = request.gracePeriodSeconds ?? numberOf(spec["terminationGracePeriodSeconds"]) ?? 30;
  const seconds = Math.max(asked, request.gracePeriodSeconds === 0 ? 0 : 1);
  return already === undefined ? seconds : Math.min(already, seconds);
}

/** A namespace goes only through its finalize subresource. */
function hasContents(stored: ApiObject): boolean {
  return stored.kind === "Namespace" && listOf(fieldsOf(stored["spec"])["finalizers"]).length > 0;
}

type Mark = { readonly finalizers: readonly string[]; readonly seconds: number };

function isMarked(metadata: Metadata, mark: Mark): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    metadata.deletionGracePeriodSeconds === mark.seconds &&
    (metadata.finalizers ?? []).join() === mark.finalizers.join()
  );
}

/** When the deletion that is under way was asked for. */
function askedAt({
  deletionTimestamp,
  deletionGracePeriodSeconds = 0,
}: Metadata): number | undefined {
  if (deletionTimestamp === undefined) return undefined;
  return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
}

/** The object marked as terminating; undefined when it already is, in the same way. */
function terminating(scope: WriteScope, stored: ApiObject, mark: Mark): ApiObject | undefined {
  const before = stored.metadata;
  if (isMarked(before, mark)) return undefined;
  const asked = askedAt(before) ?? scope.server.now().getTime();
  const metadata: ApiObject["metadata"] = {
    ...before,
    deletionTimestamp: timestamp(new Date(asked + mark.seconds * 1000)),
    deletionGracePeriodSeconds: mark.seconds,
    finalizers: [...mark.finalizers],
  };
  if (mark.finalizers.length === 0) delete metadata.finalizers;
  if (before.generation !== undefined && before.deletionTimestamp === undefined) {
    metadata.generation = before.generation + 1;
  }
  return { ...stored, metadata, ...terminatingStatus(stored) };
}

function terminatingStatus(stored: ApiObject): Fields {
  if (stored.kind !== "Namespace") return {};
  return { status: { ...fieldsOf(stored["status"]), phase: "Terminating" } };
}
