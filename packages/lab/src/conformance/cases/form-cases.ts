import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { configMap } from "../manifests.ts";
import { defineWidgets, removeWidgets } from "../widgets.ts";

const META = ";v=v1;g=meta.k8s.io";
const ONE = `application/json;as=PartialObjectMetadata${META}`;
const LIST = `application/json;as=PartialObjectMetadataList${META}`;

function refusedForm(accept: string, message: RegExp): ConformanceCase {
  return {
    name: `has nothing for a client that accepts ${accept}`,
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      for (const name of ["configmaps/a", "configmaps"]) {
        const answer = await api.get(path("v1", name), { headers: { accept } });
        expectRefusal(answer, { code: 406, reason: "NotAcceptable", message });
      }
    },
  };
}

async function labelled({ api, path }: CaseContext): Promise<void> {
  await api.post(
    path("v1", "configmaps"),
    configMap("a", { data: { k: "v" }, metadata: { labels: { x: "y" } } }),
  );
}

/** The forms in which a server shows what it has. */
export const formCases: readonly ConformanceCase[] = [
  {
    name: "answers in YAML",
    async run({ api, path }) {
      const call = { headers: { accept: "application/yaml" } };
      const made = await api.post(path("v1", "configmaps"), configMap("a"), call);
      assert.equal(expectStatus(made, 201).headers["content-type"], "application/yaml");
      assert.match(made.text, /^apiVersion: v1\nkind: ConfigMap\nmetadata:\n/m);
      const list = await api.get(path("v1", "configmaps"), call);
      assert.match(expectStatus(list, 200).text, /^kind: ConfigMapList$/m);
      assert.match((await api.get("/api", call)).text, /^kind: APIVersions$/m);
    },
  },
  {
    name: "answers so that people can read it",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const { text } = await api.get(path("v1", "configmaps/a?pretty=true"));
      assert.match(text, /^\{\n {2}"/);
    },
  },
  {
    name: "takes the first form that it has",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const accept = "text/html,application/yaml;q=0.5,application/json;q=0.9";
      const answer = await api.get(path("v1", "configmaps/a"), { headers: { accept } });
      assert.equal(expectStatus(answer, 200).headers["content-type"], "application/json");
    },
  },
  refusedForm("text/html", /^406: Not Acceptable$/),
  refusedForm(
    `application/json;as=Nope${META}`,
    /^only the following media types are accepted: application\/json, application\/yaml/,
  ),
  {
    name: "shows the metadata alone",
    async run(context) {
      const { api, path } = context;
      await labelled(context);
      const { body } = expectStatus(
        await api.get(path("v1", "configmaps/a"), { headers: { accept: ONE } }),
        200,
      );
      assert.equal(body.at("kind"), "PartialObjectMetadata");
      assert.equal(body.at("apiVersion"), "meta.k8s.io/v1");
      assert.deepEqual(body.at("metadata", "labels"), { x: "y" });
      assert.equal(body.at("data"), undefined);
    },
  },
  {
    name: "lists the metadata alone",
    async run(context) {
      const { api, path } = context;
      await labelled(context);
      const query = "configmaps?labelSelector=x%3Dy";
      const { body } = expectStatus(
        await api.get(path("v1", query), { headers: { accept: LIST } }),
        200,
      );
      assert.equal(body.at("kind"), "PartialObjectMetadataList");
      assert.equal(body.at("items", 0, "metadata", "name"), "a");
      assert.equal(body.at("items", 0, "data"), undefined);
      assert.equal(typeof body.at("metadata", "resourceVersion"), "string");
    },
  },
  {
    name: "shows the metadata of custom resources alone",
    async run(context) {
      const { api } = context;
      const widgets = await defineWidgets(context);
      await api.post(widgets.path, widgets.widget("w", { spec: { size: 1 } }));
      const one = await api.get(`${widgets.path}/w`, { headers: { accept: ONE } });
      assert.deepEqual(Object.keys(expectStatus(one, 200).body.value as Json).sort(), [
        "apiVersion",
        "kind",
        "metadata",
      ]);
      const list = await api.get(widgets.path, { headers: { accept: LIST } });
      assert.equal(expectStatus(list, 200).body.at("items", 0, "metadata", "name"), "w");
      await removeWidgets(context, widgets);
    },
  },
  {
    name: "does not take a list for an object, nor an object for a list",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      expectRefusal(await api.get(path("v1", "configmaps"), { headers: { accept: ONE } }), {
        code: 406,
        reason: "NotAcceptable",
        message:
          "you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)",
      });
      expectRefusal(await api.get(path("v1", "configmaps/a"), { headers: { accept: LIST } }), {
        code: 406,
        reason: "NotAcceptable",
        message:
          "you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)",
      });
    },
  },
  {
    name: "names no manager where a client names neither itself nor one",
    async run({ api, path }) {
      const call = { headers: { "user-agent": "" } };
      const made = await api.post(path("v1", "configmaps"), configMap("a"), call);
      assert.equal(expectStatus(made, 201).body.at("metadata", "managedFields"), undefined);
    },
  },
  ...(
    [
      ["tailLines=-1", 422, /tailLines: Invalid value: -1: must be greater than or equal to 0$/],
      ["sinceSeconds=0", 422, /sinceSeconds: Invalid value: 0: must be greater than 0$/],
      ["limitBytes=0", 422, /limitBytes: Invalid value: 0: must be greater than 0$/],
      ["tailLines=x", 400, /^strconv\.ParseInt: parsing "x": invalid syntax$/],
      ["sinceTime=nonsense", 400, /^parsing time "nonsense" as /],
      [
        "sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z",
        422,
        /Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified$/,
      ],
    ] as const
  ).map(([query, code, message]): ConformanceCase => ({
    name: `refuses a log with ${query}`,
    async run({ api, path }) {
      expectRefusal(await api.get(path("v1", `pods/p/log?${query}`)), { code, message });
    },
  })),
];
