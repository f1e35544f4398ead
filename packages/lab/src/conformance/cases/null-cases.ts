import assert from "node:assert/strict";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { withWidgets } from "../widgets.ts";

/** What becomes of nothing: nulls and empty strings in custom objects. */
export const nullCases: readonly ConformanceCase[] = [
  withWidgets(
    "a merge patch takes nulls out of what it sets, inside of lists too",
    { schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    async ({ api }, { path, widget }) => {
      const list = [{ a: null, b: 1 }, [{ c: null }]];
      const before = { list: ["x"], object: { o: 1 }, text: "x", nothing: null };
      expectStatus(await api.post(path, widget("w", { spec: before })), 201);
      const spec = { list, object: list, text: list, nothing: list, absent: { deep: list } };
      const { body } = expectStatus(await api.patch(`${path}/w`, "merge", { spec }), 200);
      const without = [{ b: 1 }, [{}]];
      assert.deepEqual(body.at("spec"), {
        list: without,
        text: without,
        nothing: without,
        absent: { deep: without },
        // Only a list in place of an object is taken as it is.
        object: list,
      });
    },
  ),
  withWidgets(
    "leaves out nulls where the schema allows none",
    {
      spec: {
        text: { type: "string" },
        nullable: { type: "string", nullable: true },
        anything: { "x-kubernetes-preserve-unknown-fields": true },
        list: { type: "array", items: { type: "object", properties: { a: { type: "string" } } } },
        map: { type: "object", additionalProperties: { type: "string" } },
        open: {
          type: "object",
          properties: { known: { type: "string" } },
          "x-kubernetes-preserve-unknown-fields": true,
        },
      },
    },
    async ({ api }, { path, widget }) => {
      const spec = {
        text: null,
        nullable: null,
        anything: null,
        list: [{ a: null }],
        map: { a: "b", b: null },
        open: { known: null, unknown: null },
      };
      const { body } = expectStatus(await api.post(path, widget("w", { spec })), 201);
      assert.deepEqual(body.at("spec"), {
        nullable: null,
        list: [{}],
        map: { a: "b" },
        open: { unknown: null },
      });
      const inList = widget("x", { spec: { list: [null] } });
      expectRefusal(await api.post(path, inList), { code: 422, reason: "Invalid" });
    },
  ),
  withWidgets(
    "takes an empty string for a string",
    { spec: { text: { type: "string" }, list: { type: "array", items: { type: "string" } } } },
    async ({ api }, { path, widget }) => {
      const spec = { text: "", list: [""] };
      const { body } = expectStatus(await api.post(path, widget("w", { spec })), 201);
      assert.deepEqual(body.at("spec"), spec);
    },
  ),
];
