import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { defineWidgets, removeWidgets } from "../widgets.ts";

const GROUPS = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const SINCE = "1.30";

async function groups({ api }: CaseContext, root: string): Promise<readonly Json[]> {
  const accept = `${GROUPS},application/json`;
  const answer = expectStatus(await api.get(root, { headers: { accept } }), 200);
  assert.equal(answer.headers["content-type"], GROUPS);
  assert.equal(answer.body.at("kind"), "APIGroupDiscoveryList");
  assert.equal(answer.body.at("apiVersion"), "apidiscovery.k8s.io/v2");
  return answer.body.list("items") as Json[];
}

function resourceIn(items: readonly Json[], group: string, resource: string): Json | undefined {
  const found = items.find((item) => (item["metadata"] as Json)["name"] === group);
  const [version] = (found?.["versions"] ?? []) as Json[];
  return ((version?.["resources"] ?? []) as Json[]).find((one) => one["resource"] === resource);
}

/** Discovery in one answer, which newer clients ask for first. */
export const aggregatedCases: readonly ConformanceCase[] = [
  {
    name: "tells of the core in one answer",
    since: SINCE,
    async run(context) {
      const pods = resourceIn(await groups(context, "/api"), "", "pods");
      assert.deepEqual(pods?.["responseKind"], { group: "", version: "v1", kind: "Pod" });
      assert.equal(pods?.["scope"], "Namespaced");
      assert.equal(pods?.["singularResource"], "pod");
      assert.deepEqual(pods?.["shortNames"], ["po"]);
      const subresources = (pods?.["subresources"] ?? []) as Json[];
      assert.deepEqual(
        subresources.find((one) => one["subresource"] === "eviction"),
        {
          subresource: "eviction",
          responseKind: { group: "policy", version: "v1", kind: "Eviction" },
          verbs: ["create"],
        },
      );
    },
  },
  {
    name: "tells of all groups in one answer, the kinds of others among them",
    since: SINCE,
    async run(context) {
      const widgets = await defineWidgets(context, { status: true });
      const items = await groups(context, "/apis");
      const deployments = resourceIn(items, "apps", "deployments");
      assert.deepEqual(deployments?.["responseKind"], {
        group: "apps",
        version: "v1",
        kind: "Deployment",
      });
      const own = resourceIn(items, widgets.group, "widgets");
      assert.deepEqual(own?.["shortNames"], ["wd"]);
      await removeWidgets(context, widgets);
    },
  },
  {
    name: "goes on telling group by group",
    async run({ api }) {
      const { body, headers } = await api.get("/apis", { headers: { accept: "application/json" } });
      assert.equal(body.at("kind"), "APIGroupList");
      assert.equal(headers["content-type"], "application/json");
    },
  },
];
