import type { PlanVolume } from "@drover/crds";
import { expect, test } from "vitest";
import {
  changeDraft,
  choiceFor,
  emptyDraft,
  mappingProblems,
  suggestedName,
} from "./wizard-state.ts";

const picked = changeDraft(
  { ...emptyDraft, source: "prod-3" },
  { change: "pick", namespace: "ledger", isPicked: true },
);

test("a picked namespace keeps its name on the target until it is given another", () => {
  expect(picked.namespaces).toEqual([{ source: "ledger", target: "ledger" }]);
  const renamed = changeDraft(picked, { change: "rename", namespace: "ledger", target: "books" });
  expect(renamed.namespaces).toEqual([{ source: "ledger", target: "books" }]);
});

test("another source cluster forgets the namespaces of the first", () => {
  expect(changeDraft(picked, { change: "set", values: { source: "prod-4" } }).namespaces).toEqual(
    [],
  );
});

test("the same source cluster keeps them", () => {
  expect(
    changeDraft(picked, { change: "set", values: { source: "prod-3" } }).namespaces,
  ).toHaveLength(1);
});

test.each([
  ["", "Enter a name."],
  [
    "Books",
    "Use at most 63 lowercase letters, digits and dashes; begin and end with a letter or digit.",
  ],
])("a target called %j is refused", (target, problem) => {
  expect(mappingProblems([{ source: "ledger", target }])).toEqual({ ledger: problem });
});

test("two namespaces cannot go to one", () => {
  const both = [
    { source: "ledger", target: "books" },
    { source: "shop", target: "books" },
  ];
  expect(Object.keys(mappingProblems(both))).toEqual(["ledger", "shop"]);
});

test("the name is suggested from where the plan goes", () => {
  expect(suggestedName({ ...emptyDraft, source: "prod-3", target: "ocp-416" })).toBe(
    "prod-3-to-ocp-416",
  );
});

test("a volume nobody touched keeps what was discovered", () => {
  const volume: PlanVolume = {
    name: "pv-1",
    supported: { actions: ["copy"], copyMethods: ["filesystem"] },
    selection: { action: "copy", copyMethod: "filesystem", storageClass: "files" },
  };
  expect(choiceFor(emptyDraft, volume)).toEqual({
    pv: "pv-1",
    action: "copy",
    copyMethod: "filesystem",
    storageClass: "files",
  });
});
