import type { LiveChange } from "@drover/contract";
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { applyChanges, listWithChange, readWithChanges } from "./live-cache.ts";

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
  applyChanges(client, { id: "run.3", changes: [upsert("b", "1"), upsert("b", "2"), remove("a")] });
  expect(client.getQueryData(["migplans"])).toEqual([object("b", "2")]);
  expect(client.getQueryData(["migclusters"])).toBeUndefined();
});

async function readWhile(position: string, event: { id: string; changes: LiveChange[] }) {
  const client = new QueryClient();
  await client.fetchQuery({
    queryKey: ["migplans"],
    queryFn: () =>
      readWithChanges("migplans", async () => {
        const answer = { items: [object("a", "1")], position };
        applyChanges(client, event);
        return answer;
      }),
  });
  return client.getQueryData(["migplans"]);
}

test("a list that is older than what the stream brought meanwhile does not undo it", async () => {
  const event = { id: "run.8", changes: [upsert("a", "2"), upsert("b", "1")] };
  expect(await readWhile("run.7", event)).toEqual([object("a", "2"), object("b", "1")]);
});

test("a list that holds what the stream brought late stays as it is", async () => {
  const event = { id: "run.7", changes: [remove("a")] };
  expect(await readWhile("run.7", event)).toEqual([object("a", "1")]);
});

test("a stream of a server that was started anew is believed", async () => {
  const event = { id: "next.1", changes: [upsert("a", "9")] };
  expect(await readWhile("run.7", event)).toEqual([object("a", "9")]);
});
