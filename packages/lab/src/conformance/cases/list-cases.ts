import assert from "node:assert/strict";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { configMap, pod } from "../manifests.ts";

async function fill({ api, path }: CaseContext, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    const labels = { rank: String(index), tier: index % 2 === 0 ? "even" : "odd" };
    expectStatus(
      await api.post(path("v1", "configmaps"), configMap(name, { metadata: { labels } })),
      201,
    );
  }
}

async function namesOf({ api, path }: CaseContext, query: string): Promise<string[]> {
  const answer = expectStatus(await api.get(path("v1", `configmaps?${query}`)), 200);
  const items = answer.body.list("items") as { metadata: { name: string } }[];
  return items.map((item) => item.metadata.name).filter((name) => name !== "kube-root-ca.crt");
}

const encoded = (selector: string): string => encodeURIComponent(selector);

/** Lists: order, selectors, pages. */
export const listCases: readonly ConformanceCase[] = [
  {
    name: "lists objects in the order of their names",
    async run(context) {
      await fill(context, ["c", "a", "b"]);
      assert.deepEqual(await namesOf(context, ""), ["a", "b", "c"]);
    },
  },
  {
    name: "gives a list a kind and a version",
    async run({ api, path }) {
      const { body } = expectStatus(await api.get(path("v1", "configmaps")), 200);
      assert.equal(body.at("kind"), "ConfigMapList");
      assert.match(body.text("metadata", "resourceVersion"), /^\d+$/);
    },
  },
  {
    name: "answers an empty list with an empty array",
    async run({ api, path }) {
      assert.deepEqual((await api.get(path("v1", "pods"))).body.at("items"), []);
    },
  },
  {
    name: "lists across namespaces",
    async run({ api, path, namespace }) {
      await api.post(path("v1", "secrets"), {
        metadata: { name: "mine", labels: { of: namespace } },
      });
      const { body } = await api.get(`/api/v1/secrets?labelSelector=of%3D${namespace}`);
      assert.equal(body.at("items", 0, "metadata", "namespace"), namespace);
    },
  },
  ...(
    [
      ["tier=even", ["a", "c"]],
      ["tier==odd", ["b", "d"]],
      ["tier!=odd", ["a", "c"]],
      ["rank in (0,3)", ["a", "d"]],
      ["rank notin (0,3),tier", ["b", "c"]],
      ["tier,!absent,rank", ["a", "b", "c", "d"]],
      ["rank>1", ["c", "d"]],
      ["rank<1", ["a"]],
      ["tier=even,rank=2", ["c"]],
    ] as const
  ).map(([selector, names]) => ({
    name: `selects by labels: ${selector}`,
    async run(context: CaseContext) {
      await fill(context, ["a", "b", "c", "d"]);
      assert.deepEqual(
        await namesOf(context, `labelSelector=${encoded(`rank,${selector}`)}`),
        names,
      );
    },
  })),
  {
    name: "refuses a label selector it cannot read",
    async run({ api, path }) {
      const answer = await api.get(path("v1", `configmaps?labelSelector=${encoded("a in b")}`));
      expectRefusal(answer, { code: 400, reason: "BadRequest" });
    },
  },
  {
    name: "selects by name",
    async run(context) {
      await fill(context, ["a", "b"]);
      assert.deepEqual(await namesOf(context, "fieldSelector=metadata.name%3Db"), ["b"]);
      assert.ok(!(await namesOf(context, "fieldSelector=metadata.name!%3Db")).includes("b"));
    },
  },
  {
    name: "selects pods by phase and node",
    async run({ api, path }) {
      await api.post(path("v1", "pods"), pod("a"));
      await api.post(path("v1", "pods"), pod("b", { nodeName: "somewhere" }));
      const pending = await api.get(path("v1", "pods?fieldSelector=status.phase%3DPending"));
      assert.equal(pending.body.list("items").length, 2);
      const placed = await api.get(path("v1", "pods?fieldSelector=spec.nodeName%3Dsomewhere"));
      assert.equal(placed.body.at("items", 0, "metadata", "name"), "b");
    },
  },
  {
    name: "refuses to select by a field that is not selectable",
    async run({ api, path }) {
      const answer = await api.get(path("v1", "pods?fieldSelector=spec.hostname%3Dx"));
      expectRefusal(answer, { code: 400, reason: "BadRequest" });
    },
  },
  {
    name: "pages a list and counts what remains",
    async run(context) {
      const { api, path } = context;
      await fill(context, ["a", "b", "c", "d", "e"]);
      const first = expectStatus(
        await api.get(path("v1", "configmaps?limit=2&labelSelector=")),
        200,
      );
      assert.equal(first.body.list("items").length, 2);
      assert.ok(Number(first.body.at("metadata", "remainingItemCount")) >= 3);
      const token = first.body.text("metadata", "continue");
      const second = await api.get(path("v1", `configmaps?limit=500&continue=${encoded(token)}`));
      const items = expectStatus(second, 200).body.list("items") as {
        metadata: { name: string };
      }[];
      assert.equal(items[0]?.metadata.name, "c");
      assert.equal(second.body.at("metadata", "continue"), undefined);
      assert.equal(
        second.body.at("metadata", "resourceVersion"),
        first.body.at("metadata", "resourceVersion"),
      );
    },
  },
  {
    name: "shows later pages as they were at the first",
    async run(context) {
      const { api, path } = context;
      await fill(context, ["a", "b", "c"]);
      const first = await api.get(path("v1", "configmaps?limit=1&labelSelector=rank"));
      await api.post(
        path("v1", "configmaps"),
        configMap("bb", { metadata: { labels: { rank: "9" } } }),
      );
      await api.delete(path("v1", "configmaps/c"));
      const token = encoded(first.body.text("metadata", "continue"));
      assert.deepEqual(await namesOf(context, `labelSelector=rank&continue=${token}`), ["b", "c"]);
    },
  },
  {
    name: "does not count what remains when a selector is given",
    async run(context) {
      await fill(context, ["a", "b", "c"]);
      const { body } = await context.api.get(
        context.path("v1", "configmaps?limit=1&labelSelector=rank"),
      );
      assert.equal(body.at("metadata", "remainingItemCount"), undefined);
      assert.notEqual(body.at("metadata", "continue"), undefined);
    },
  },
  {
    name: "refuses a continue token that is none",
    async run({ api, path }) {
      const answer = await api.get(path("v1", "configmaps?limit=1&continue=nonsense"));
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message: /continue key is not valid/,
      });
    },
  },
  {
    name: "refuses a version together with a continue token",
    async run(context) {
      const { api, path } = context;
      await fill(context, ["a", "b"]);
      const first = await api.get(path("v1", "configmaps?limit=1"));
      const token = encoded(first.body.text("metadata", "continue"));
      const answer = await api.get(path("v1", `configmaps?resourceVersion=5&continue=${token}`));
      assert.equal(answer.status, 400, answer.text);
    },
  },
  {
    name: "lets an old continue token expire, and goes on without consistency",
    needs: "compact",
    async run(context) {
      const { api, path, server } = context;
      await fill(context, ["a", "b", "c"]);
      const first = await api.get(path("v1", "configmaps?limit=1&labelSelector=rank"));
      await server.compact?.();
      const token = encoded(first.body.text("metadata", "continue"));
      const gone = await api.get(path("v1", `configmaps?labelSelector=rank&continue=${token}`));
      expectRefusal(gone, {
        code: 410,
        reason: "Expired",
        message: /The provided continue parameter is too old/,
      });
      const next = encoded(gone.body.text("metadata", "continue"));
      assert.deepEqual(await namesOf(context, `labelSelector=rank&continue=${next}`), ["b", "c"]);
    },
  },
  {
    name: "refuses to list at a version from the future",
    async run({ api, path }) {
      const answer = await api.get(
        path("v1", "configmaps?resourceVersion=999999999999&timeoutSeconds=1"),
      );
      expectRefusal(answer, {
        code: 504,
        reason: "Timeout",
        message: /Too large resource version/,
      });
    },
  },
  {
    name: "refuses a version that is no number",
    async run({ api, path }) {
      const answer = await api.get(path("v1", "configmaps?resourceVersion=abc"));
      assert.match(
        expectStatus(answer, 500).body.text("message"),
        /^resourceVersion: Invalid value: "abc": strconv\.ParseUint: parsing "abc": invalid syntax$/,
      );
    },
  },
];
