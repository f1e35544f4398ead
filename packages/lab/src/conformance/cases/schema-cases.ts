import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectRefusal } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { withWidgets } from "../widgets.ts";

/** What a schema refuses, with the words it does it in. */
const REFUSALS: readonly (readonly [what: string, spec: Json, value: unknown, message: RegExp])[] =
  [
    [
      "a string for an integer",
      { x: { type: "integer" } },
      "a",
      /spec\.x: Invalid value: "string": spec\.x in body must be of type integer: "string"/,
    ],
    [
      "a number with a fraction for an integer",
      { x: { type: "integer" } },
      1.5,
      /spec\.x in body must be of type integer: "number"/,
    ],
    [
      "a list for an object",
      { x: { type: "object" } },
      [1],
      /spec\.x in body must be of type object: "array"/,
    ],
    [
      "a value outside the enum",
      { x: { type: "string", enum: ["a", "b"] } },
      "c",
      /spec\.x: Unsupported value: "c": supported values: "a", "b"/,
    ],
    [
      "a number that is too small",
      { x: { type: "integer", minimum: 3 } },
      2,
      /spec\.x: Invalid value: 2: spec\.x in body should be greater than or equal to 3/,
    ],
    [
      "a number that is too large",
      { x: { type: "integer", maximum: 3 } },
      4,
      /spec\.x: Invalid value: 4: spec\.x in body should be less than or equal to 3/,
    ],
    [
      "a string that is too short",
      { x: { type: "string", minLength: 3 } },
      "ab",
      /spec\.x: Invalid value: "ab": spec\.x in body should be at least 3 chars long/,
    ],
    [
      "a string that is too long",
      { x: { type: "string", maxLength: 3 } },
      "abcd",
      /spec\.x: (Too long: may not be (more|longer) than 3|Invalid value: "abcd": spec\.x in body should be at most 3 chars long)/,
    ],
    [
      "a string that does not match",
      { x: { type: "string", pattern: "^a+$" } },
      "b",
      /spec\.x: Invalid value: "b": spec\.x in body should match '\^a\+\$'/,
    ],
    [
      "a list that is too long",
      { x: { type: "array", maxItems: 1, items: { type: "string" } } },
      ["a", "b"],
      /spec\.x: (Too many: 2: must have at most 1 items|Invalid value: 2: spec\.x in body should have at most 1 items)/,
    ],
    [
      "a list that is too short",
      { x: { type: "array", minItems: 2, items: { type: "string" } } },
      ["a"],
      /spec\.x in body should have at least 2 items/,
    ],
    [
      "a duplicate in a set",
      { x: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } } },
      ["a", "a"],
      /spec\.x\[1\]: Duplicate value: "a"/,
    ],
    [
      "a boolean for int-or-string",
      { x: { "x-kubernetes-int-or-string": true } },
      true,
      /spec\.x in body must be of type integer,string: "boolean"/,
    ],
    [
      "a wrong item",
      { x: { type: "array", items: { type: "integer" } } },
      ["a"],
      /spec\.x(\[0\])?: Invalid value: "string"/,
    ],
    [
      "a wrong value in a map",
      { x: { type: "object", additionalProperties: { type: "integer" } } },
      { k: "v" },
      /spec\.x\.k: Invalid value: "string"/,
    ],
  ];

/** Custom resources that their schema refuses. */
export const schemaCases: readonly ConformanceCase[] = REFUSALS.map(
  ([what, spec, value, message]) =>
    withWidgets(`refuses ${what}`, { spec }, async ({ api }, { path, widget }) => {
      const answer = await api.post(path, widget("w", { spec: { x: value } }));
      const { body } = expectRefusal(answer, { code: 422, reason: "Invalid" });
      assert.match(body.text("message"), message);
    }),
);
