import { badRequest, expired, StatusError, unreadableVersion } from "../http/status-error.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import type { StoredEntry } from "../store/stored-entry.ts";
import { checkListOptions } from "./list-options.ts";
import { decodeContinue, encodeContinue, listExpired } from "./list-snapshots.ts";
import { selectionOf } from "./selection.ts";
import type { Selection } from "./selection.ts";

export type ListedPage = {
  readonly entries: readonly StoredEntry[];
  readonly revision: number;
  readonly continueToken: string | undefined;
  readonly remaining: number | undefined;
};

type Source = {
  readonly entries: readonly StoredEntry[];
  readonly revision: number;
  readonly after: string | undefined;
};

/** One page of a list: at one revision throughout, in key order. */
export function listPage(server: ServerContext, request: ResourceRequest): ListedPage {
  const limit = limitOf(request);
  const source = sourceOf(server, request);
  const selection = selectionOf(request);
  const { page, next } = takePage(source, limit, selection);
  const { entries, revision } = source;
  if (next >= entries.length) {
    return { entries: page, revision, continueToken: undefined, remaining: undefined };
  }
  server.snapshots.keep(snapshotScope(request), revision, entries);
  return {
    entries: page,
    revision,
    continueToken: encodeContinue({ revision, after: page.at(-1)?.key ?? "" }),
    // Kubernetes does not count what a selector would leave out.
    remaining: selection === undefined ? entries.length - next : undefined,
  };
}

/** The entries of one page, and the index of the first one after it. */
function takePage(
  { entries, after }: Source,
  limit: number,
  selection: Selection | undefined,
): { page: readonly StoredEntry[]; next: number } {
  const page: StoredEntry[] = [];
  let next = after === undefined ? 0 : firstAfter(entries, after);
  for (; next < entries.length; next += 1) {
    const entry = entries[next];
    if (entry === undefined || selection?.(entry.object) === false) continue;
    if (limit > 0 && page.length === limit) break;
    page.push(entry);
  }
  return { page, next };
}

function limitOf(request: ResourceRequest): number {
  numberIn(request, "timeoutSeconds");
  return Math.max(0, numberIn(request, "limit"));
}

function numberIn(request: ResourceRequest, option: string): number {
  const text = request.query.get(option) ?? "";
  if (text !== "" && !/^-?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  return Number(text);
}

function snapshotScope(request: ResourceRequest): string {
  return `${request.resource.storage}/${request.info.namespace ?? ""}`;
}

function sourceOf(server: ServerContext, request: ResourceRequest): Source {
  checkListOptions(request.query);
  const token = request.query.get("continue") ?? "";
  if (token === "") {
    checkVersion(server, request);
    return { ...current(server, request), after: undefined };
  }
  const version = request.query.get("resourceVersion") ?? "";
  if (version !== "" && version !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  const continuation = decodeContinue(token);
  if (continuation.revision < 0) {
    return { ...current(server, request), after: continuation.after };
  }
  const entries = server.snapshots.find(snapshotScope(request), continuation.revision);
  if (entries === undefined) throw listExpired(continuation);
  return { entries, revision: continuation.revision, after: continuation.after };
}

function current(
  server: ServerContext,
  request: ResourceRequest,
): Pick<Source, "entries" | "revision"> {
  const { resource, info, staleBy } = request;
  const entries = server.store.list(resource.storage, info.namespace);
  const now = { entries, revision: server.store.revision };
  return staleBy === 0 ? now : earlier(server, request, now.revision - staleBy);
}

/** As things were at a revision, as far as the changes since then are remembered. */
function earlier(
  server: ServerContext,
  { resource, info }: ResourceRequest,
  wanted: number,
): Pick<Source, "entries" | "revision"> {
  const log = server.store.log(resource.storage);
  const revision = Math.max(wanted, log.forgottenUpTo, 0);
  const then = new Map(server.store.list(resource.storage).map((entry) => [entry.key, entry]));
  for (const { entry, previous } of log.since(revision).toReversed()) {
    if (previous === undefined) then.delete(entry.key);
    else then.set(previous.key, previous);
  }
  const entries = [...then.values()]
    .filter(
      ({ object: { metadata } }) => (info.namespace ?? metadata.namespace) === metadata.namespace,
    )
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return { entries, revision };
}

/** Which versions a list may ask for: the present, or "not older than". */
function checkVersion(server: ServerContext, request: ResourceRequest): void {
  const version = request.query.get("resourceVersion") ?? "";
  if (version === "") return;
  if (!/^\d+$/.test(version)) throw unreadableVersion(version);
  const wanted = Number(version);
  if (wanted > server.store.revision) throw tooLarge(wanted, server.store.revision);
  const log = server.store.log(request.resource.storage);
  const isExact = request.query.get("resourceVersionMatch") === "Exact";
  if (isExact && wanted < log.forgottenUpTo) {
    throw expired(`The resourceVersion for the provided list is too old.`);
  }
}

function tooLarge(wanted: number, now: number): StatusError {
  return new StatusError(504, "Timeout", {
    message: `Timeout: Too large resource version: ${wanted}, current: ${now}`,
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}

/** Index of the first entry after `key`. */
function firstAfter(entries: readonly StoredEntry[], key: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.key ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
