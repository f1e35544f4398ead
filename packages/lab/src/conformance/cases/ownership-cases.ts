import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { eventually, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { configMap } from "../manifests.ts";

const HOLD = "conformance.example/hold";
const RELEASE = { metadata: { finalizers: null } };

async function ownedMap(context: CaseContext, owner: string, name: string): Promise<void> {
  const { api, path } = context;
  const { body } = await api.get(path("v1", `configmaps/${owner}`));
  const uid = body.text("metadata", "uid");
  const ownerReferences = [
    { apiVersion: "v1", kind: "ConfigMap", name: owner, uid, blockOwnerDeletion: true },
  ];
  expectStatus(
    await api.post(path("v1", "configmaps"), configMap(name, { metadata: { ownerReferences } })),
    201,
  );
}

/** What becomes of the dependents of what is deleted. */
export const ownershipCases: readonly ConformanceCase[] = [
  {
    name: "deletes dependents in the background",
    needs: "controllers",
    async run(context) {
      const { api, path } = context;
      await api.post(path("v1", "configmaps"), configMap("owner"));
      await ownedMap(context, "owner", "child");
      await ownedMap(context, "child", "grandchild");
      await api.delete(path("v1", "configmaps/owner?propagationPolicy=Background"));
      await eventually(
        async () => void expectStatus(await api.get(path("v1", "configmaps/grandchild")), 404),
      );
    },
  },
  {
    name: "deletes dependents first in the foreground",
    needs: "controllers",
    async run(context) {
      const { api, path } = context;
      await api.post(path("v1", "configmaps"), configMap("owner"));
      await ownedMap(context, "owner", "child");
      await api.patch(path("v1", "configmaps/child"), "merge", {
        metadata: { finalizers: [HOLD] },
      });
      const { body } = await api.delete(
        path("v1", "configmaps/owner?propagationPolicy=Foreground"),
      );
      assert.deepEqual(body.at("metadata", "finalizers"), ["foregroundDeletion"]);
      await eventually(async () => {
        const child = await api.get(path("v1", "configmaps/child"));
        assert.notEqual(child.body.at("metadata", "deletionTimestamp"), undefined);
      });
      expectStatus(await api.get(path("v1", "configmaps/owner")), 200);
      await api.patch(path("v1", "configmaps/child"), "merge", RELEASE);
      await eventually(
        async () => void expectStatus(await api.get(path("v1", "configmaps/owner")), 404),
      );
    },
  },
  {
    name: "sets dependents free when they are to be orphaned",
    needs: "controllers",
    async run(context) {
      const { api, path } = context;
      await api.post(path("v1", "configmaps"), configMap("owner"));
      await ownedMap(context, "owner", "child");
      await api.delete(path("v1", "configmaps/owner?propagationPolicy=Orphan"));
      await eventually(
        async () => void expectStatus(await api.get(path("v1", "configmaps/owner")), 404),
      );
      const child = expectStatus(await api.get(path("v1", "configmaps/child")), 200);
      assert.equal(child.body.at("metadata", "ownerReferences"), undefined);
    },
  },
  {
    name: "keeps a dependent that still has an owner",
    needs: "controllers",
    async run(context) {
      const { api, path } = context;
      const owners: Json[] = [];
      for (const name of ["one", "two"]) {
        const { body } = await api.post(path("v1", "configmaps"), configMap(name));
        owners.push({
          apiVersion: "v1",
          kind: "ConfigMap",
          name,
          uid: body.text("metadata", "uid"),
        });
      }
      await api.post(
        path("v1", "configmaps"),
        configMap("child", { metadata: { ownerReferences: owners } }),
      );
      await api.delete(path("v1", "configmaps/one"));
      await eventually(async () => {
        const child = expectStatus(await api.get(path("v1", "configmaps/child")), 200);
        assert.equal(child.body.list("metadata", "ownerReferences").length, 1);
      });
    },
  },
  {
    name: "collects an object whose owner never was",
    needs: "controllers",
    async run({ api, path }) {
      const uid = "00000000-0000-4000-8000-000000000000";
      const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "none", uid }];
      await api.post(
        path("v1", "configmaps"),
        configMap("child", { metadata: { ownerReferences } }),
      );
      await eventually(
        async () => void expectStatus(await api.get(path("v1", "configmaps/child")), 404),
      );
    },
  },
];
