import { STREAMED } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { expired, unreadableVersion } from "../http/status-error.ts";
import type { StatusError } from "../http/status-error.ts";
import { isTrue } from "../http/request-info.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import type { StoredEntry, StoreEvent } from "../store/stored-entry.ts";
import { checkWatchOptions } from "./list-options.ts";
import { selectionOf } from "./selection.ts";
import type { Selection } from "./selection.ts";
import { tableOf, tableRequestFrom } from "../tables/table.ts";
import type { TableRequest } from "../tables/table.ts";
import { isPlain, partialObject } from "./shown-answer.ts";
import { inRequestedVersion, requestedJson } from "./versioned.ts";

/** A reader this far behind is cut off; it lists and watches again. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;

const lines = new WeakMap<StoreEvent, string>();

/** Serves a watch until its time is up, the client leaves or the server closes. */
export function watchHandler(server: ServerContext, request: ResourceRequest): Answer {
  const watch = new Watch(server, request);
  watch.start();
  return STREAMED;
}

class Watch {
  #server: ServerContext;
  #request: ResourceRequest;
  #selection: Selection | undefined;
  #stops: (() => void)[] = [];
  #lastSent = 0;
  #table: TableRequest | undefined;
  #isFirstTable = true;
  /** Events that are held back, and until when. */
  #late: { readonly due: number; readonly text: string }[] = [];

  constructor(server: ServerContext, request: ResourceRequest) {
    this.#server = server;
    this.#request = request;
    this.#selection = selectionOf(request);
    const { incoming, query } = request;
    this.#table = tableRequestFrom(incoming.headers.accept ?? "", query.get("includeObject"));
  }

  start(): void {
    const { query, response, resource } = this.#request;
    checkWatchOptions(query);
    const from = revisionOf(query.get("resourceVersion") ?? "");
    const seconds = timeoutOf(query.get("timeoutSeconds") ?? "");
    response.writeHead(200, {
      "content-type": "application/json",
      "cache-control": "no-cache, private",
    });
    response.flushHeaders();
    const log = this.#server.store.log(resource.storage);
    if (from > 0 && from < log.forgottenUpTo) {
      this.#fail(expired(`too old resource version: ${from} (${log.forgottenUpTo})`));
      return;
    }
    if (from === 0) this.#sendCurrent();
    else for (const event of log.since(from)) this.#send(event);
    this.#lastSent = this.#server.store.revision;
    this.#stops.push(log.listen((event) => this.#send(event)));
    this.#endWhen(seconds);
    this.#sendBookmarks();
  }

  /** A watch without a version begins with what is there. */
  #sendCurrent(): void {
    const { resource, info } = this.#request;
    for (const entry of this.#server.store.list(resource.storage, info.namespace)) {
      if (this.#selection?.(entry.object) === false) continue;
      this.#write(line("ADDED", this.#json(entry)));
    }
  }

  #send(event: StoreEvent): void {
    const seen = this.#seenAs(event);
    if (seen === undefined) return;
    this.#lastSent = event.revision;
    this.#write(this.#lineOf(event, seen));
  }

  /** As what this watch sees the event: a change may bring an object into its selection, or take it out. */
  #seenAs(event: StoreEvent): StoreEvent["type"] | undefined {
    const namespace = this.#request.info.namespace;
    if (namespace !== undefined && event.entry.object.metadata.namespace !== namespace) {
      return undefined;
    }
    const selection = this.#selection;
    if (selection === undefined) return event.type;
    const before = event.previous !== undefined && selection(event.previous.object);
    const after = event.type !== "DELETED" && selection(event.entry.object);
    if (before) return after ? "MODIFIED" : "DELETED";
    return after ? "ADDED" : undefined;
  }

  #lineOf(event: StoreEvent, type: StoreEvent["type"]): string {
    const { resource } = this.#request;
    const stored = event.entry.object.apiVersion === apiVersionOf(resource);
    const isAsStored = stored && this.#table === undefined && isPlain(this.#request.form);
    if (type !== event.type || !isAsStored) {
      return line(type, this.#json(leaving(event, type)));
    }
    const known = lines.get(event);
    if (known !== undefined) return known;
    const made = line(type, event.entry.json);
    lines.set(event, made);
    return made;
  }

  #json(entry: StoredEntry): string {
    const { resource, form } = this.#request;
    if (!isPlain(form)) return JSON.stringify(partialObject(entry.object));
    if (this.#table === undefined) return requestedJson(entry, resource);
    const bare = !this.#isFirstTable;
    this.#isFirstTable = false;
    const metadata = { resourceVersion: String(entry.revision) };
    const object = inRequestedVersion(entry.object, resource);
    const given = { request: this.#table, metadata, now: this.#server.now(), bare };
    return JSON.stringify(tableOf(resource, [object], given));
  }

  /** In their order, whatever the delay of each is. */
  #write(text: string): void {
    const delayMs = this.#request.eventDelayMs();
    if (delayMs === 0 && this.#late.length === 0) return this.#writeNow(text);
    const due = performance.now() + delayMs;
    this.#late.push({ due: Math.max(due, this.#late.at(-1)?.due ?? 0), text });
    setTimeout(() => this.#writeDue(), delayMs + 1).unref();
  }

  #writeDue(): void {
    while ((this.#late[0]?.due ?? Infinity) <= performance.now()) {
      this.#writeNow(this.#late.shift()?.text ?? "");
    }
  }

  #writeNow(text: string): void {
    const { response } = this.#request;
    if (response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
  }

  #fail(error: StatusError): void {
    this.#request.response.end(line("ERROR", JSON.stringify(error.body())));
  }

  #endWhen(seconds: number): void {
    const { response } = this.#request;
    const end = (): void => {
      this.#stop();
      response.end();
    };
    const timer = setTimeout(end, seconds * 1000);
    this.#server.closing.addEventListener("abort", end, { once: true });
    this.#stops.push(() => {
      clearTimeout(timer);
      this.#server.closing.removeEventListener("abort", end);
    });
    response.on("close", () => {
      this.#stop();
    });
  }

  #stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  #sendBookmarks(): void {
    if (!isTrue(this.#request.query.get("allowWatchBookmarks"))) return;
    const timer = setInterval(() => {
      const revision = this.#server.store.revision;
      if (revision === this.#lastSent) return;
      this.#lastSent = revision;
      this.#write(bookmark(this.#request, revision));
    }, this.#server.settings.bookmarkIntervalMs);
    this.#stops.push(() => {
      clearInterval(timer);
    });
  }
}

function line(type: string, json: string): string {
  return `{"type":"${type}","object":${json}}\n`;
}

/** An object that leaves a selection is shown as it was, at the revision of the change. */
function leaving(event: StoreEvent, type: StoreEvent["type"]): StoredEntry {
  if (type !== "DELETED" || event.previous === undefined) return event.entry;
  const { object } = event.previous;
  const metadata = { ...object.metadata, resourceVersion: String(event.revision) };
  const shown = { ...object, metadata };
  return { ...event.previous, object: shown, json: JSON.stringify(shown) };
}

function bookmark(request: ResourceRequest, revision: number): string {
  const { resource } = request;
  const object = {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(revision), creationTimestamp: null },
  };
  return line("BOOKMARK", JSON.stringify(object));
}

function revisionOf(text: string): number {
  if (text === "") return 0;
  if (!/^\d+$/.test(text)) throw unreadableVersion(text);
  return Number(text);
}

const MIN_TIMEOUT_S = 1800;

/** Like the real server, a watch without a limit of its own ends after half an hour to an hour. */
function timeoutOf(text: string): number {
  const seconds = Number(text);
  if (text === "" || !Number.isInteger(seconds) || seconds <= 0) {
    return MIN_TIMEOUT_S * (1 + Math.random());
  }
  return Math.min(seconds, 2_000_000);
}
