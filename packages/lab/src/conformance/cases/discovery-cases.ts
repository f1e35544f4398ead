import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap, deployment, service } from "../manifests.ts";

const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };

/** How a server describes itself, and how it draws tables. */
export const discoveryCases: readonly ConformanceCase[] = [
  {
    name: "has a service of its own in the cluster",
    async run({ api }) {
      const { body } = expectStatus(
        await api.get("/api/v1/namespaces/default/services/kubernetes"),
        200,
      );
      assert.deepEqual(body.at("metadata", "labels"), {
        component: "apiserver",
        provider: "kubernetes",
      });
      assert.match(body.text("spec", "clusterIP"), /\.0\.1$/);
      assert.equal(body.at("spec", "ports", 0, "name"), "https");
      assert.equal(body.at("spec", "ports", 0, "port"), 443);
    },
  },
  {
    name: "names its version",
    async run({ api }) {
      const { body } = expectStatus(await api.get("/version"), 200);
      assert.equal(body.at("major"), "1");
      assert.match(body.text("gitVersion"), /^v1\.\d+\.\d+/);
    },
  },
  {
    name: "says that it is well",
    async run({ api }) {
      for (const path of ["/healthz", "/livez", "/readyz"]) {
        assert.equal(expectStatus(await api.get(path), 200).text, "ok");
      }
    },
  },
  {
    name: "lists the core version",
    async run({ api }) {
      assert.deepEqual(expectStatus(await api.get("/api"), 200).body.at("versions"), ["v1"]);
    },
  },
  {
    name: "lists its groups with their preferred versions",
    async run({ api }) {
      const groups = expectStatus(await api.get("/apis"), 200).body.list("groups") as {
        name: string;
        preferredVersion: { groupVersion: string };
      }[];
      const apps = groups.find(({ name }) => name === "apps");
      assert.equal(apps?.preferredVersion.groupVersion, "apps/v1");
      const names = groups.map(({ name }) => name);
      for (const group of ["batch", "policy", "apiextensions.k8s.io", "storage.k8s.io"]) {
        assert.ok(names.includes(group), group);
      }
    },
  },
  {
    name: "describes the resources of a version",
    async run({ api }) {
      const rows = expectStatus(await api.get("/api/v1"), 200).body.list("resources") as Json[];
      const pods = rows.find((row) => row["name"] === "pods");
      assert.deepEqual(pods?.["shortNames"], ["po"]);
      assert.equal(pods?.["namespaced"], true);
      assert.ok(((pods?.["verbs"] ?? []) as string[]).includes("watch"));
      const names = rows.map((row) => row["name"]);
      for (const name of [
        "pods/log",
        "pods/eviction",
        "serviceaccounts/token",
        "namespaces/finalize",
      ]) {
        assert.ok(names.includes(name), name);
      }
    },
  },
  {
    name: "describes one group",
    async run({ api }) {
      const { body } = expectStatus(await api.get("/apis/apps"), 200);
      assert.equal(body.at("kind"), "APIGroup");
      assert.equal(body.at("versions", 0, "groupVersion"), "apps/v1");
    },
  },
  {
    name: "publishes OpenAPI v2 with the kinds' names",
    async run({ api }) {
      const { body } = expectStatus(await api.get("/openapi/v2"), 200);
      assert.equal(body.at("swagger"), "2.0");
      const pod = body.at("definitions", "io.k8s.api.core.v1.Pod") as Json;
      assert.deepEqual(pod["x-kubernetes-group-version-kind"], [
        { group: "", kind: "Pod", version: "v1" },
      ]);
      const containers = body.at(
        "definitions",
        "io.k8s.api.core.v1.PodSpec",
        "properties",
        "containers",
      ) as Json;
      assert.equal(containers["x-kubernetes-patch-merge-key"], "name");
    },
  },
  {
    name: "publishes OpenAPI v3 for each version",
    since: "1.24",
    async run({ api }) {
      const index = expectStatus(await api.get("/openapi/v3"), 200);
      const url = index.body.text("paths", "apis/apps/v1", "serverRelativeURL");
      const { body } = expectStatus(await api.get(url), 200);
      assert.match(body.text("openapi"), /^3\./);
      assert.notEqual(
        body.at("paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch"),
        undefined,
      );
    },
  },
  {
    name: "draws a table of deployments",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const { body } = expectStatus(
        await api.get(path("apps/v1", "deployments"), { headers: TABLE }),
        200,
      );
      assert.equal(body.at("kind"), "Table");
      const names = (body.list("columnDefinitions") as { name: string }[]).map(({ name }) => name);
      assert.deepEqual(names, [
        "Name",
        "Ready",
        "Up-to-date",
        "Available",
        "Age",
        "Containers",
        "Images",
        "Selector",
      ]);
      assert.deepEqual(body.list("rows", 0, "cells").slice(0, 4), ["d", "0/2", 0, 0]);
      assert.equal(body.at("rows", 0, "object", "kind"), "PartialObjectMetadata");
    },
  },
  {
    name: "draws a table of one service, with the whole object when asked",
    async run({ api, path }) {
      await api.post(path("v1", "services"), service("s"));
      const url = path("v1", "services/s?includeObject=Object");
      const { body } = expectStatus(await api.get(url, { headers: TABLE }), 200);
      const cells = body.list("rows", 0, "cells");
      assert.equal(cells[1], "ClusterIP");
      assert.equal(cells[4], "80/TCP");
      assert.equal(body.at("rows", 0, "object", "kind"), "Service");
    },
  },
  {
    name: "leaves objects out of a table when asked",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const url = path("v1", "configmaps?includeObject=None");
      const { body } = expectStatus(await api.get(url, { headers: TABLE }), 200);
      assert.equal(body.at("rows", 0, "object") ?? null, null);
    },
  },
];
