import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ObjectStore } from "./object-store.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "object-store-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function thing(name: string): { apiVersion: string; kind: string; metadata: { name: string } } {
  return { apiVersion: "v1", kind: "Thing", metadata: { name } };
}

test("finds everything again after it was opened anew, and goes on counting", () => {
  const before = new ObjectStore({ dataDir: directory });
  before.put("things", thing("a"));
  const b = before.put("things", thing("b"));
  before.remove("things", b);
  const { revision } = before;
  before.close();
  const after = new ObjectStore({ dataDir: directory });
  expect(after.list("things").map(({ object }) => object.metadata.name)).toEqual(["a"]);
  expect(after.put("things", thing("c")).revision).toBe(revision + 1);
  after.close();
});

test("tells watches that it has forgotten what happened before it was opened", () => {
  const before = new ObjectStore({ dataDir: directory });
  before.put("things", thing("a"));
  before.close();
  const after = new ObjectStore({ dataDir: directory });
  expect(after.log("things").forgottenUpTo).toBe(after.revision);
  after.close();
});

test("loses no acknowledged write when its process is killed", async () => {
  const writer = fileURLToPath(new URL("endless-writer.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [writer, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged >= 200) break;
  }
  child.kill("SIGKILL");
  await new Promise((resolve) => child.on("close", resolve));
  const store = new ObjectStore({ dataDir: directory });
  expect(acknowledged).toBeGreaterThanOrEqual(200);
  expect(store.count("things")).toBeGreaterThanOrEqual(acknowledged);
  expect(store.revision).toBe(store.count("things"));
  store.close();
});

test("keeps lists in the order of their keys, and apart by namespace", () => {
  const store = new ObjectStore({});
  const names = ["b/z", "a/b", "a/a", "b-c/x", "b/a"];
  for (const key of names) {
    const [namespace = "", name = ""] = key.split("/");
    store.put("things", { apiVersion: "v1", kind: "Thing", metadata: { namespace, name } });
  }
  expect(store.list("things").map(({ key }) => key)).toEqual([...names].sort());
  expect(store.list("things", "b").map(({ key }) => key)).toEqual(["b/a", "b/z"]);
  store.close();
});
