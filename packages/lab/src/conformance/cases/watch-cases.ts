import assert from "node:assert/strict";
import { expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { configMap, pod } from "../manifests.ts";

async function versionNow({ api, path }: CaseContext): Promise<string> {
  return (await api.get(path("v1", "secrets"))).body.text("metadata", "resourceVersion");
}

function secret(name: string, labels: Record<string, string> = {}): object {
  return { metadata: { name, labels } };
}

/** Watches: what they begin with, what they show, how they end. */
export const watchCases: readonly ConformanceCase[] = [
  {
    name: "begins a watch without a version with what is there",
    async run({ api, path }) {
      await api.post(path("v1", "secrets"), secret("a"));
      const [event] = await api.watch(path("v1", "secrets"), 1);
      assert.equal(event?.type, "ADDED");
      assert.equal(event?.object.at("kind"), "Secret");
    },
  },
  {
    name: "shows additions, changes and deletions after a version",
    async run(context) {
      const { api, path } = context;
      const version = await versionNow(context);
      await api.post(path("v1", "secrets"), secret("a"));
      await api.patch(path("v1", "secrets/a"), "merge", { data: { k: "dg==" } });
      await api.delete(path("v1", "secrets/a"));
      const events = await api.watch(path("v1", `secrets?resourceVersion=${version}`), 3);
      assert.deepEqual(
        events.map(({ type }) => type),
        ["ADDED", "MODIFIED", "DELETED"],
      );
    },
  },
  {
    name: "shows a change while the watch is open",
    async run(context) {
      const { api, path } = context;
      const version = await versionNow(context);
      const events = await api.watch(path("v1", `secrets?resourceVersion=${version}`), 1, () =>
        api.post(path("v1", "secrets"), secret("later")),
      );
      assert.equal(events[0]?.object.at("metadata", "name"), "later");
    },
  },
  {
    name: "gives each event a later version than the one before",
    async run(context) {
      const { api, path } = context;
      const version = await versionNow(context);
      for (const name of ["a", "b", "c"]) await api.post(path("v1", "secrets"), secret(name));
      const events = await api.watch(path("v1", `secrets?resourceVersion=${version}`), 3);
      const versions = events.map(({ object }) => Number(object.at("metadata", "resourceVersion")));
      assert.deepEqual(
        versions,
        [...versions].sort((left, right) => left - right),
      );
      assert.ok((versions[0] ?? 0) > Number(version));
    },
  },
  {
    name: "shows a deleted object at the version of its deletion",
    async run(context) {
      const { api, path } = context;
      const created = await api.post(path("v1", "secrets"), secret("a"));
      const version = created.body.text("metadata", "resourceVersion");
      await api.delete(path("v1", "secrets/a"));
      const [event] = await api.watch(path("v1", `secrets?resourceVersion=${version}`), 1);
      assert.equal(event?.type, "DELETED");
      assert.ok(Number(event?.object.at("metadata", "resourceVersion")) > Number(version));
    },
  },
  {
    name: "shows an object that enters a selection as added and one that leaves it as deleted",
    async run(context) {
      const { api, path } = context;
      await api.post(path("v1", "secrets"), secret("a", { on: "no" }));
      const version = await versionNow(context);
      await api.patch(path("v1", "secrets/a"), "merge", { metadata: { labels: { on: "yes" } } });
      await api.patch(path("v1", "secrets/a"), "merge", { metadata: { labels: { on: "no" } } });
      const query = `secrets?labelSelector=on%3Dyes&resourceVersion=${version}`;
      const events = await api.watch(path("v1", query), 2);
      assert.deepEqual(
        events.map(({ type }) => type),
        ["ADDED", "DELETED"],
      );
    },
  },
  {
    name: "watches one object by name",
    async run(context) {
      const { api, path } = context;
      const version = await versionNow(context);
      for (const name of ["a", "b"]) await api.post(path("v1", "secrets"), secret(name));
      const query = `secrets?fieldSelector=metadata.name%3Db&resourceVersion=${version}`;
      const [event] = await api.watch(path("v1", query), 1);
      assert.equal(event?.object.at("metadata", "name"), "b");
    },
  },
  {
    name: "ends a watch when its time is up",
    async run(context) {
      const { api, path } = context;
      const version = await versionNow(context);
      const started = Date.now();
      const query = `secrets?timeoutSeconds=1&allowWatchBookmarks=false&resourceVersion=${version}`;
      const events = await api.watch(path("v1", query), 99);
      assert.equal(events.length, 0);
      assert.ok(Date.now() - started >= 900);
    },
  },
  {
    name: "answers a watch from a forgotten version with an expired error",
    needs: "compact",
    async run(context) {
      const { api, path, server } = context;
      const version = await versionNow(context);
      const template = { metadata: { name: "a" }, template: { spec: pod("a")["spec"] } };
      expectStatus(await api.post(path("v1", "podtemplates"), template), 201);
      await server.compact?.();
      const [event] = await api.watch(path("v1", `podtemplates?resourceVersion=${version}`), 1);
      assert.equal(event?.type, "ERROR");
      assert.equal(event?.object.at("code"), 410);
      assert.equal(event?.object.at("reason"), "Expired");
      assert.match(event?.object.text("message") ?? "", /too old/);
    },
  },
  {
    name: "does not show what other namespaces do",
    async run(context) {
      const { api, path, word } = context;
      await api.post("/api/v1/namespaces", { metadata: { name: `${word}-b` } });
      const version = await versionNow(context);
      await api.post(`/api/v1/namespaces/${word}-b/secrets`, secret("other"));
      await api.post(path("v1", "secrets"), secret("mine"));
      const [event] = await api.watch(path("v1", `secrets?resourceVersion=${version}`), 1);
      assert.equal(event?.object.at("metadata", "name"), "mine");
      await api.delete(`/api/v1/namespaces/${word}-b`);
    },
  },
  {
    name: "watches every namespace at once",
    async run(context) {
      const { api, path, namespace } = context;
      const version = await versionNow(context);
      await api.post(path("v1", "secrets"), secret("a", { of: namespace }));
      const query = `/api/v1/secrets?labelSelector=of%3D${namespace}&resourceVersion=${version}`;
      const [event] = await api.watch(query, 1);
      assert.equal(event?.object.at("metadata", "namespace"), namespace);
    },
  },
  {
    name: "does not show dry runs or updates without a change",
    async run(context) {
      const { api, path } = context;
      const created = await api.post(path("v1", "configmaps"), configMap("a"));
      const version = created.body.text("metadata", "resourceVersion");
      await api.put(path("v1", "configmaps/a?dryRun=All"), configMap("a", { data: { k: "v" } }));
      expectStatus(await api.put(path("v1", "configmaps/a"), created.body.value), 200);
      await api.patch(path("v1", "configmaps/a"), "merge", { data: { k: "real" } });
      const query = `configmaps?fieldSelector=metadata.name%3Da&resourceVersion=${version}`;
      const [event] = await api.watch(path("v1", query), 1);
      assert.equal(event?.object.at("data", "k"), "real");
    },
  },
];
