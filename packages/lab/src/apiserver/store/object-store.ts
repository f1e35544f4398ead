import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import type { ApiObject } from "../json.ts";
import { EventLog } from "./event-log.ts";
import type { EventListener } from "./event-log.ts";
import { ResourceTable } from "./resource-table.ts";
import { keyOf } from "./stored-entry.ts";
import type { StoredEntry, StoreEvent } from "./stored-entry.ts";

export type StoreOptions = {
  /** Where the database file lives; objects are kept in memory only when absent. */
  readonly dataDir?: string;
  /** Events kept per resource for watches that resume. */
  readonly history?: number;
};

const DEFAULT_HISTORY = 10_000;

/**
 * Objects by resource, durable on disk before a write returns. Reads come from memory. Every write takes the next
 * revision of one counter, so the resourceVersion of the whole server only grows.
 */
export class ObjectStore {
  revision = 0;
  #database: DatabaseSync;
  #put: StatementSync;
  #remove: StatementSync;
  #saveRevision: StatementSync;
  #tables = new Map<string, ResourceTable>();
  #logs = new Map<string, EventLog>();
  #history: number;
  #startRevision: number;

  constructor(options: StoreOptions) {
    this.#history = options.history ?? DEFAULT_HISTORY;
    this.#database = openDatabase(options.dataDir);
    this.#put = this.#database.prepare(
      "INSERT INTO objects (resource, key, revision, json) VALUES (?, ?, ?, ?) " +
        "ON CONFLICT (resource, key) DO UPDATE SET revision = excluded.revision, json = excluded.json",
    );
    this.#remove = this.#database.prepare("DELETE FROM objects WHERE resource = ? AND key = ?");
    this.#saveRevision = this.#database.prepare(
      "INSERT INTO meta (name, value) VALUES ('revision', ?) " +
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    this.#load();
    this.#startRevision = this.revision;
  }

  find(resource: string, namespace: string | undefined, name: string): StoredEntry | undefined {
    return this.#tables.get(resource)?.get(keyOf(namespace, name));
  }

  /** Entries in key order; all namespaces when `namespace` is absent. */
  list(resource: string, namespace?: string): readonly StoredEntry[] {
    const table = this.#tables.get(resource);
    if (table === undefined) return [];
    return namespace === undefined ? table.all() : table.inNamespace(namespace);
  }

  count(resource: string): number {
    return this.#tables.get(resource)?.size ?? 0;
  }

  /** Names of the resources that hold objects. */
  resources(): readonly string[] {
    return [...this.#tables].filter(([, table]) => table.size > 0).map(([resource]) => resource);
  }

  /** Writes the object under its name with a new resourceVersion. The object given is not kept. */
  put(resource: string, object: ApiObject): StoredEntry {
    const revision = this.revision + 1;
    const entry = entryOf(object, revision);
    const table = this.#table(resource);
    const previous = table.get(entry.key);
    this.#transaction(revision, () => {
      this.#put.run(resource, entry.key, revision, entry.json);
    });
    table.set(entry);
    this.#emit(
      resource,
      previous === undefined
        ? { type: "ADDED", revision, entry }
        : { type: "MODIFIED", revision, entry, previous },
    );
    return entry;
  }

  /** Removes the object; the entry returned shows it as it was, at the revision of its removal. */
  remove(resource: string, previous: StoredEntry): StoredEntry {
    const revision = this.revision + 1;
    const entry = entryOf(previous.object, revision);
    this.#transaction(revision, () => {
      this.#remove.run(resource, previous.key);
    });
    this.#table(resource).delete(previous.key);
    this.#emit(resource, { type: "DELETED", revision, entry, previous });
    return entry;
  }

  log(resource: string): EventLog {
    const known = this.#logs.get(resource);
    if (known !== undefined) return known;
    const made = new EventLog(this.#history, this.#startRevision);
    this.#logs.set(resource, made);
    return made;
  }

  /** Forgets the history of every resource, as a compaction does. */
  compact(): void {
    for (const log of this.#logs.values()) log.compact(this.revision);
    this.#startRevision = this.revision;
  }

  listen(resource: string, listener: EventListener): () => void {
    return this.log(resource).listen(listener);
  }

  close(): void {
    this.#database.close();
  }

  #emit(resource: string, event: StoreEvent): void {
    this.log(resource).append(event);
  }

  #table(resource: string): ResourceTable {
    const known = this.#tables.get(resource);
    if (known !== undefined) return known;
    const made = new ResourceTable();
    this.#tables.set(resource, made);
    return made;
  }

  #transaction(revision: number, write: () => void): void {
    this.#database.exec("BEGIN");
    try {
      write();
      this.#saveRevision.run(revision);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
    this.revision = revision;
  }

  #load(): void {
    const saved = this.#database.prepare("SELECT value FROM meta WHERE name = 'revision'").get();
    this.revision = Number(saved?.["value"] ?? 0);
    const rows = this.#database
      .prepare("SELECT resource, key, revision, json FROM objects ORDER BY resource, key")
      .iterate();
    for (const row of rows) {
      const json = String(row["json"]);
      this.#table(String(row["resource"])).set({
        object: JSON.parse(json) as ApiObject,
        json,
        revision: Number(row["revision"]),
        key: String(row["key"]),
      });
    }
  }
}

function entryOf(object: ApiObject, revision: number): StoredEntry {
  const metadata = { ...object.metadata, resourceVersion: String(revision) };
  const stamped = { ...object, metadata };
  const json = JSON.stringify(stamped);
  return {
    object: JSON.parse(json) as ApiObject,
    json,
    revision,
    key: keyOf(metadata.namespace, metadata.name),
  };
}

function openDatabase(dataDir: string | undefined): DatabaseSync {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(
    dataDir === undefined ? ":memory:" : join(dataDir, "objects.sqlite"),
  );
  // NORMAL in WAL mode survives the death of the process at any moment; only a power cut could lose the last writes.
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;",
  );
  database.exec(
    "CREATE TABLE IF NOT EXISTS objects (resource TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, " +
      "json TEXT NOT NULL, PRIMARY KEY (resource, key)) WITHOUT ROWID; " +
      "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;",
  );
  return database;
}
