import type { MigHook } from "@drover/crds";
import { expect, it } from "vitest";
import { hookProblems } from "./check-hook.ts";

const playbook = Buffer.from("- hosts: localhost\n").toString("base64");

function aHook(spec: Partial<MigHook["spec"]>): MigHook {
  return {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigHook",
    metadata: { name: "hook" },
    spec: { custom: true, image: "quay.io/team/hook:1.0", targetCluster: "source", ...spec },
  };
}

it.each([
  ["a custom hook", {}, []],
  ["an Ansible hook", { custom: false, playbook }, []],
  ["an image by digest", { image: `quay.io/a/b@sha256:${"0".repeat(64)}` }, []],
  ["an image with a port", { image: "localhost:5000/a" }, []],
  ["no image", { image: "" }, ["InvalidImage"]],
  ["an image in upper case", { image: "quay.io/Team/hook" }, ["InvalidImage"]],
  ["an image with a blank", { image: "quay.io/a b" }, ["InvalidImage"]],
  ["another cluster", { targetCluster: "moon" }, ["InvalidTarget"]],
  ["a playbook that is plain text", { custom: false, playbook: "- x" }, ["InvalidPlaybookData"]],
  ["a custom hook with a playbook", { playbook }, ["InvalidCustomHook"]],
  ["an Ansible hook without one", { custom: false }, ["InvalidAnsibleHook"]],
])("%s", (_name, spec, types) => {
  expect(hookProblems(aHook(spec)).map(({ type }) => type)).toEqual(types);
});

it("answers quickly for an image made to keep the pattern busy", () => {
  const startedAt = performance.now();
  expect(hookProblems(aHook({ image: `${"a-".repeat(500)}!` }))).toHaveLength(1);
  // A pattern that goes back and forth would need longer than anybody lives.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
