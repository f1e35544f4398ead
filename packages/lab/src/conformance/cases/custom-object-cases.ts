import assert from "node:assert/strict";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { withWidgets } from "../widgets.ts";

/** Writing, reading and watching objects of custom kinds. */
export const customObjectCases: readonly ConformanceCase[] = [
  withWidgets(
    "lets the main resource write status where there is no subresource",
    {},
    async ({ api }, { path, widget }) => {
      const { body } = expectStatus(
        await api.post(path, widget("w", { status: { phase: "Ready" } })),
        201,
      );
      assert.equal(body.at("status", "phase"), "Ready");
      expectStatus(await api.get(`${path}/w/status`), 404);
    },
  ),
  withWidgets(
    "keeps status and the rest apart where there is one",
    { status: true },
    async ({ api }, { path, widget }) => {
      const created = expectStatus(
        await api.post(path, widget("w", { spec: { size: 1 }, status: { phase: "Ready" } })),
        201,
      );
      assert.equal(created.body.at("status"), undefined);
      const patch = { spec: { size: 2 }, status: { phase: "Ready" } };
      const status = expectStatus(await api.patch(`${path}/w/status`, "merge", patch), 200);
      assert.deepEqual(status.body.at("spec"), { size: 1 });
      assert.equal(status.body.at("status", "phase"), "Ready");
      const main = expectStatus(
        await api.patch(`${path}/w`, "merge", { spec: { size: 3 }, status: { phase: "No" } }),
        200,
      );
      assert.equal(main.body.at("status", "phase"), "Ready");
    },
  ),
  withWidgets(
    "counts generations of the spec, not of status or metadata",
    { status: true },
    async ({ api }, { path, widget }) => {
      const created = await api.post(path, widget("w", { spec: { size: 1 } }));
      assert.equal(created.body.at("metadata", "generation"), 1);
      const labelled = await api.patch(`${path}/w`, "merge", { metadata: { labels: { a: "b" } } });
      assert.equal(labelled.body.at("metadata", "generation"), 1);
      const status = await api.patch(`${path}/w/status`, "merge", { status: { a: 1 } });
      assert.equal(status.body.at("metadata", "generation"), 1);
      const changed = await api.patch(`${path}/w`, "merge", { spec: { size: 2 } });
      assert.equal(changed.body.at("metadata", "generation"), 2);
    },
  ),
  withWidgets(
    "demands a version when a custom object is replaced",
    {},
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w"));
      const answer = await api.put(`${path}/w`, widget("w", { spec: { size: 1 } }));
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /metadata\.resourceVersion: Invalid value: 0(x0)?: must be specified for an update/,
      });
    },
  ),
  withWidgets(
    "does not take strategic patches for custom objects",
    {},
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w"));
      expectRefusal(await api.patch(`${path}/w`, "strategic", {}), {
        code: 415,
        reason: "UnsupportedMediaType",
      });
    },
  ),
  withWidgets(
    "scales through the paths of the definition",
    { spec: { replicas: { type: "integer" } }, scale: true, status: true },
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w", { spec: { replicas: 1 } }));
      await api.patch(`${path}/w/status`, "merge", { status: { replicas: 1, selector: "a=b" } });
      const scale = expectStatus(await api.get(`${path}/w/scale`), 200);
      assert.equal(scale.body.at("kind"), "Scale");
      assert.deepEqual(scale.body.at("status"), { replicas: 1, selector: "a=b" });
      expectStatus(await api.patch(`${path}/w/scale`, "merge", { spec: { replicas: 4 } }), 200);
      assert.equal((await api.get(`${path}/w`)).body.at("spec", "replicas"), 4);
    },
  ),
  withWidgets("applies custom objects server-side", {}, async ({ api }, { path, widget }) => {
    const url = `${path}/w?fieldManager=one`;
    expectStatus(
      await api.patch(url, "apply", widget("w", { spec: { size: 1, colour: "red" } })),
      201,
    );
    const { body } = expectStatus(
      await api.patch(url, "apply", widget("w", { spec: { size: 1 } })),
      200,
    );
    assert.deepEqual(body.at("spec"), { size: 1 });
  }),
  withWidgets("watches custom objects", {}, async ({ api }, { path, widget }) => {
    const version = (await api.get(path)).body.text("metadata", "resourceVersion");
    await api.post(path, widget("w"));
    const [event] = await api.watch(`${path}?resourceVersion=${version}`, 1);
    assert.equal(event?.object.at("kind"), "Widget");
  }),
  withWidgets(
    "prints the columns of the definition",
    {
      columns: [
        { name: "Size", type: "integer", jsonPath: ".spec.size" },
        { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
      ],
    },
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w", { spec: { size: 7 } }));
      const headers = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
      const { body } = expectStatus(await api.get(path, { headers }), 200);
      const columns = body.list("columnDefinitions") as { name: string }[];
      assert.deepEqual(
        columns.map(({ name }) => name),
        ["Name", "Size", "Age"],
      );
      assert.deepEqual(body.list("rows", 0, "cells").slice(0, 2), ["w", 7]);
    },
  ),
];
