import assert from "node:assert/strict";
import { expectRefusal } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";

/** What the options of a list or a watch may not say, and in which words it is refused. */
export const listOptionCases: readonly ConformanceCase[] = [
  ...(
    [
      ["limit=x", 400, /^strconv\.ParseInt: parsing "x": invalid syntax$/],
      ["timeoutSeconds=x", 400, /^strconv\.ParseInt: parsing "x": invalid syntax$/],
      [
        "fieldSelector=nonsense",
        400,
        /^invalid selector: 'nonsense'; can't understand 'nonsense'$/,
      ],
      [
        "resourceVersion=1&resourceVersionMatch=Bogus",
        422,
        /resourceVersionMatch: Unsupported value: "Bogus": supported values: "Exact", "NotOlderThan", ""/,
      ],
      [
        "resourceVersion=0&resourceVersionMatch=Exact",
        422,
        /resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"/,
      ],
      [
        "continue=x&resourceVersionMatch=Exact",
        422,
        /\[resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided\]/,
      ],
      [
        "watch=1&timeoutSeconds=1&resourceVersion=0&resourceVersionMatch=NotOlderThan",
        422,
        /resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch/,
      ],
    ] as const
  ).map(([query, code, message]) => ({
    name: `refuses to list with ${query}`,
    async run({ api, path }: CaseContext) {
      const answer = await api.get(path("v1", `configmaps?${query}`));
      expectRefusal(answer, { code, reason: code === 400 ? "BadRequest" : "Invalid", message });
    },
  })),
  {
    name: "refuses a list that would be told like the beginning of a watch",
    since: "1.27",
    async run({ api, path }) {
      const answer = await api.get(path("v1", "configmaps?sendInitialEvents=true"));
      const message = /sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list/;
      expectRefusal(answer, { code: 422, reason: "Invalid", message });
    },
  },
  {
    name: "tells a watch that asks for a list first where that ends, or refuses it",
    since: "1.27",
    async run({ api, path }) {
      const list = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
      const query = `watch=1&timeoutSeconds=1&allowWatchBookmarks=true&${list}`;
      const answer = await api.get(path("v1", `configmaps?${query}`));
      if (answer.status === 200) assert.match(answer.text, /"k8s.io\/initial-events-end":"true"/);
      else {
        const message = /sendInitialEvents: Forbidden: .* unless the WatchList feature gate/;
        expectRefusal(answer, { code: 422, reason: "Invalid", message });
      }
    },
  },
];
