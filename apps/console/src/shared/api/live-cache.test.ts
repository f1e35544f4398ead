import type { LiveChange } from "@drover/contract";
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { applyChanges, listWithChange } from "./live-cache.ts";

const object = (name: string, version = "1") => ({
  apiVersion: "migration.openshift.io/v1alpha1",
  kind: "MigPlan",
  metadata: { name, resourceVersion: version },
});
const upsert = (name: string, version: string): LiveChange => ({
  type: "upsert",
  resource: "migplans",
  object: object(name, version),
});
const remove = (name: string): LiveChange => ({ type: "delete", resource: "migplans", name });

test("a change replaces its object where it stands", () => {
  const list = listWithChange([object("a"), object("b")], upsert("a", "2"));
  expect(list.map(({ metadata }) => `${metadata.name}${metadata.resourceVersion}`)).toEqual([
    "a2",
    "b1",
  ]);
});

test("deleting what is not there changes nothing", () => {
  expect(listWithChange([object("a")], remove("b"))).toEqual([object("a")]);
});

test("several changes arrive in order, and only in lists somebody read", () => {
  const client = new QueryClient();
  client.setQueryData(["migplans"], [object("a")]);
  applyChanges(client, [upsert("b", "1"), upsert("b", "2"), remove("a")]);
  expect(client.getQueryData(["migplans"])).toEqual([object("b", "2")]);
  expect(client.getQueryData(["migclusters"])).toBeUndefined();
});
