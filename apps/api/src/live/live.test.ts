import type { AddressInfo } from "node:net";
import type { LiveChange } from "@drover/contract";
import { ClusterRoleBinding, MigPlan } from "@drover/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readEventStream } from "../testing/event-reader.ts";
import type { EventReader } from "../testing/event-reader.ts";
import { startTestApp } from "../testing/test-app.ts";
import type { Browser, TestApp } from "../testing/test-app.ts";
import { namespace, startTestClusters } from "../testing/test-clusters.ts";
import type { TestClusters } from "../testing/test-clusters.ts";

let clusters: TestClusters;
let app: TestApp;
let admin: Browser;
let url: string;
const open: EventReader[] = [];

beforeAll(async () => {
  clusters = await startTestClusters();
  app = await startTestApp(clusters.host, {
    timing: { coalesceMs: 250, heartbeatMs: 100, reviewMs: 150, patienceMs: 300 },
    reviewKeepMs: 50,
  });
  await app.server.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(app.server.server.address() as AddressInfo).port}`;
  admin = await app.signIn("admin", clusters.host.adminToken);
});

afterEach(() => {
  for (const reader of open.splice(0)) reader.close();
});

afterAll(async () => {
  await app.close();
  await clusters.close();
});

async function listen(
  browser: Browser,
  resources: string,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const reader = await readEventStream(`${url}/api/live?resources=${resources}`, {
    host: "localhost:3000",
    cookie: `drover-session=${browser.cookie}`,
    ...headers,
  });
  open.push(reader);
  return reader;
}

const named = (reader: EventReader, event: string) =>
  reader.events.filter((candidate) => candidate.event === event);
const heard = (reader: EventReader, event: string) =>
  expect.poll(() => named(reader, event).length).toBeGreaterThan(0);
const changes = (reader: EventReader): LiveChange[] =>
  named(reader, "changes").flatMap(({ data }) => data as LiveChange[]);

const plan = (name: string): MigPlan => ({
  apiVersion: "migration.openshift.io/v1alpha1",
  kind: "MigPlan",
  metadata: { name, namespace },
  spec: { namespaces: ["ledger"] },
});
const patch = (name: string, spec: object) =>
  clusters.host.admin.patch(MigPlan, { namespace, name }, { type: "merge", body: { spec } });

test("streams what changes, and not compressed on the way", async () => {
  const reader = await listen(admin, "migplans");
  await heard(reader, "hello");
  expect(named(reader, "hello")[0]?.data).toEqual({ reset: true });
  expect(reader.headers["cache-control"]).toContain("no-transform");
  await clusters.host.admin.create(MigPlan, plan("streamed"));
  await heard(reader, "changes");
  expect(changes(reader)[0]).toMatchObject({
    type: "upsert",
    resource: "migplans",
    object: { metadata: { name: "streamed" } },
  });
  await clusters.host.admin.delete(MigPlan, { namespace, name: "streamed" });
  await expect
    .poll(() => changes(reader).at(-1))
    .toEqual({ type: "delete", resource: "migplans", name: "streamed" });
  await heard(reader, "heartbeat");
});

test("lists from the same store, as the person may", async () => {
  await clusters.host.admin.create(MigPlan, plan("listed"));
  await expect
    .poll(async () => (await admin.request({ url: "/api/resources/migplans" })).body)
    .toContain("listed");
  const one = await admin.request({ url: "/api/resources/migplans/listed" });
  expect(one.json()).toMatchObject({ kind: "MigPlan", metadata: { name: "listed" } });
  expect((await admin.request({ url: "/api/resources/migplans/none" })).json().code).toBe(
    "NOT_FOUND",
  );
  expect((await admin.request({ url: "/api/resources/secrets" })).statusCode).toBe(400);
  const stranger = await app.signIn("stranger", "not-a-token");
  expect((await stranger.request({ url: "/api/resources/migplans" })).statusCode).toBe(401);
});

test("sends only the last of several quick changes", async () => {
  await clusters.host.admin.create(MigPlan, plan("busy"));
  const reader = await listen(admin, "migplans");
  await heard(reader, "hello");
  for (let count = 1; count <= 20; count += 1) await patch("busy", { namespaces: [`n-${count}`] });
  await expect
    .poll(() => JSON.stringify(changes(reader).at(-1)))
    .toContain('"namespaces":["n-20"]');
  expect(changes(reader).length).toBeLessThan(20);
});

test("gives a reader that comes back what it missed, nothing twice", async () => {
  await clusters.host.admin.create(MigPlan, plan("missed"));
  const first = await listen(admin, "migplans");
  await heard(first, "hello");
  await patch("missed", { namespaces: ["seen"] });
  await heard(first, "changes");
  const position = named(first, "changes").at(-1)?.id ?? "";
  first.close();
  await patch("missed", { namespaces: ["unseen"] });
  const second = await listen(admin, "migplans", { "last-event-id": position });
  await heard(second, "changes");
  expect(named(second, "hello")[0]?.data).toEqual({ reset: false });
  expect(changes(second)).toHaveLength(1);
  expect(JSON.stringify(changes(second))).toContain("unseen");
  const other = await listen(admin, "migplans", { "last-event-id": "otherprocess.5" });
  await heard(other, "hello");
  expect(named(other, "hello")[0]?.data).toEqual({ reset: true });
});

test("ends with the session", async () => {
  const leaving = await app.signIn("admin", clusters.host.adminToken);
  const reader = await listen(leaving, "migplans");
  await heard(reader, "hello");
  await leaving.request({ method: "POST", url: "/api/session/sign-out", payload: {} });
  await expect.poll(() => reader.isClosed()).toBe(true);
  expect(named(reader, "end")[0]?.data).toEqual({ reason: "signed-out" });
  expect((await listen(leaving, "migplans")).status).toBe(401);
});

test("stops sending what may not be read any more", async () => {
  const dev = await app.signIn("dev", clusters.host.devToken);
  const reader = await listen(dev, "migplans,migstorages");
  await heard(reader, "hello");
  const name = "dev-reads-migrations";
  const binding = await clusters.host.admin.get(ClusterRoleBinding, { name });
  await clusters.host.admin.delete(ClusterRoleBinding, { name });
  await expect.poll(() => named(reader, "denied").length).toBe(2);
  await clusters.host.admin.create(MigPlan, plan("hidden"));
  const watcher = await listen(admin, "migplans");
  await heard(watcher, "hello");
  await patch("hidden", { namespaces: ["still-hidden"] });
  await heard(watcher, "changes");
  expect(JSON.stringify(reader.events)).not.toContain("hidden");
  const { name: bindingName } = binding.metadata;
  await clusters.host.admin.create(ClusterRoleBinding, {
    ...binding,
    metadata: { name: bindingName ?? name },
  });
});

test("cuts off a reader that does not keep up, who then catches up or reads anew", async () => {
  await clusters.host.admin.create(MigPlan, plan("bulky"));
  const reader = await listen(admin, "migplans");
  await heard(reader, "hello");
  reader.pause();
  const streams = () => /drover_api_live_streams (\d+)/.exec(app.metrics.render())?.[1];
  await expect.poll(streams).toBe("1");
  // How much the sockets in between take in is the kernel's affair, so it goes on until they are full.
  let count = 0;
  const writeAndCount = async (): Promise<string | undefined> => {
    count += 1;
    await patch("bulky", { namespaces: [`${count}-`.repeat(200_000)] });
    return streams();
  };
  await expect.poll(writeAndCount).toBe("0");
});

test("says goodbye before it stops", async () => {
  const other = await startTestApp(clusters.host);
  await other.server.listen({ host: "127.0.0.1", port: 0 });
  const browser = await other.signIn("admin", clusters.host.adminToken);
  const { port } = other.server.server.address() as AddressInfo;
  const reader = await readEventStream(`http://127.0.0.1:${port}/api/live?resources=migplans`, {
    host: "localhost:3000",
    cookie: `drover-session=${browser.cookie}`,
  });
  await heard(reader, "hello");
  await other.close();
  expect(named(reader, "end")[0]?.data).toEqual({ reason: "restarting" });
});
