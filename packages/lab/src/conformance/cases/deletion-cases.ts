import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap, pod } from "../manifests.ts";

const HOLD = "conformance.example/hold";
const RELEASE = { metadata: { finalizers: null } };

/** Deletion: finalizers, grace, preconditions, collections, garbage collection, namespaces. */
export const deletionCases: readonly ConformanceCase[] = [
  {
    name: "deletes at once what nothing holds, and says which object it was",
    async run({ api, path }) {
      const created = await api.post(path("v1", "configmaps"), configMap("a"));
      const { body } = expectStatus(await api.delete(path("v1", "configmaps/a")), 200);
      assert.equal(body.at("status"), "Success");
      assert.deepEqual(body.at("details"), {
        name: "a",
        kind: "configmaps",
        uid: created.body.at("metadata", "uid"),
      });
      expectStatus(await api.get(path("v1", "configmaps/a")), 404);
    },
  },
  {
    name: "says that what is to be deleted is not there",
    async run({ api, path }) {
      expectRefusal(await api.delete(path("v1", "configmaps/a")), {
        code: 404,
        reason: "NotFound",
      });
    },
  },
  {
    name: "keeps an object with finalizers as terminating until they are gone",
    async run({ api, path }) {
      await api.post(
        path("v1", "configmaps"),
        configMap("a", { metadata: { finalizers: [HOLD] } }),
      );
      const { body } = expectStatus(await api.delete(path("v1", "configmaps/a")), 200);
      assert.match(body.text("metadata", "deletionTimestamp"), /^\d{4}-/);
      expectStatus(await api.get(path("v1", "configmaps/a")), 200);
      expectStatus(await api.patch(path("v1", "configmaps/a"), "merge", RELEASE), 200);
      expectStatus(await api.get(path("v1", "configmaps/a")), 404);
    },
  },
  {
    name: "refuses new finalizers on a terminating object",
    async run({ api, path }) {
      await api.post(
        path("v1", "configmaps"),
        configMap("a", { metadata: { finalizers: [HOLD] } }),
      );
      await api.delete(path("v1", "configmaps/a"));
      const finalizers = [HOLD, "conformance.example/more"];
      const answer = await api.patch(path("v1", "configmaps/a"), "merge", {
        metadata: { finalizers },
      });
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted/,
      });
      await api.patch(path("v1", "configmaps/a"), "merge", RELEASE);
    },
  },
  {
    name: "refuses to delete another object of the same name (uid)",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.delete(path("v1", "configmaps/a"), {
        preconditions: { uid: "other" },
      });
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message:
          /the UID in the precondition \(other\) does not match the UID in record \([-0-9a-f]{36}\)\. The object might have been deleted and then recreated$/,
      });
    },
  },
  {
    name: "refuses to delete an object that changed (resourceVersion)",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.delete(path("v1", "configmaps/a"), {
        preconditions: { resourceVersion: "1" },
      });
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message:
          /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)\. The object might have been modified$/,
      });
    },
  },
  {
    name: "deletes nothing on a dry run",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      expectStatus(await api.delete(path("v1", "configmaps/a"), { dryRun: ["All"] }), 200);
      expectStatus(await api.get(path("v1", "configmaps/a")), 200);
    },
  },
  {
    name: "refuses a propagation policy it does not know",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.delete(path("v1", "configmaps/a?propagationPolicy=Sideways"));
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /propagationPolicy: (Unsupported|Invalid) value: "Sideways"/,
      });
    },
  },
  {
    name: "deletes a collection by selector",
    async run({ api, path }) {
      for (const name of ["a", "b"]) {
        await api.post(
          path("v1", "configmaps"),
          configMap(name, { metadata: { labels: { of: name } } }),
        );
      }
      expectStatus(await api.delete(path("v1", "configmaps?labelSelector=of%3Da")), 200);
      expectStatus(await api.get(path("v1", "configmaps/a")), 404);
      expectStatus(await api.get(path("v1", "configmaps/b")), 200);
    },
  },
  {
    name: "deletes a pod without a node at once",
    async run({ api, path }) {
      await api.post(path("v1", "pods"), pod("p"));
      const { body } = expectStatus(await api.delete(path("v1", "pods/p")), 200);
      assert.equal(body.at("kind"), "Pod");
      expectStatus(await api.get(path("v1", "pods/p")), 404);
    },
  },
  {
    name: "gives a pod on a node its grace period",
    async run({ api, path }) {
      await api.post(
        path("v1", "pods"),
        pod("p", { nodeName: "n", terminationGracePeriodSeconds: 7 }),
      );
      const { body } = expectStatus(await api.delete(path("v1", "pods/p")), 200);
      assert.equal(body.at("metadata", "deletionGracePeriodSeconds"), 7);
      expectStatus(await api.get(path("v1", "pods/p")), 200);
      expectStatus(await api.delete(path("v1", "pods/p"), { gracePeriodSeconds: 0 }), 200);
      expectStatus(await api.get(path("v1", "pods/p")), 404);
    },
  },
  {
    name: "lets a grace period be shortened, not lengthened",
    async run({ api, path }) {
      await api.post(
        path("v1", "pods"),
        pod("p", { nodeName: "n", terminationGracePeriodSeconds: 60 }),
      );
      await api.delete(path("v1", "pods/p"), { gracePeriodSeconds: 20 });
      const longer = await api.delete(path("v1", "pods/p"), { gracePeriodSeconds: 50 });
      assert.equal(longer.body.at("metadata", "deletionGracePeriodSeconds"), 20);
      const shorter = await api.delete(path("v1", "pods/p"), { gracePeriodSeconds: 5 });
      assert.equal(shorter.body.at("metadata", "deletionGracePeriodSeconds"), 5);
      await api.delete(path("v1", "pods/p"), { gracePeriodSeconds: 0 });
    },
  },
  {
    name: "lets a namespace be finalized by a whole object, not by a patch",
    async run({ api, word }) {
      const path = `/api/v1/namespaces/${word}/finalize`;
      const patched = await api.patch(path, "merge", { spec: { finalizers: [] } });
      expectRefusal(patched, { code: 405, reason: "MethodNotAllowed" });
      const { body } = await api.get(`/api/v1/namespaces/${word}`);
      assert.deepEqual(body.at("spec", "finalizers"), ["kubernetes"]);
      expectStatus(await api.put(path, body.value as Json), 200);
    },
  },
  {
    name: "empties a namespace before it goes",
    needs: "controllers",
    async run({ api, word }) {
      const name = `${word}-gone`;
      await api.post("/api/v1/namespaces", { metadata: { name } });
      await api.post(`/api/v1/namespaces/${name}/configmaps`, configMap("a"));
      const { body } = expectStatus(await api.delete(`/api/v1/namespaces/${name}`), 200);
      assert.equal(body.at("status", "phase"), "Terminating");
      await eventually(
        async () => void expectStatus(await api.get(`/api/v1/namespaces/${name}`), 404),
      );
    },
  },
  {
    name: "creates nothing in a namespace that goes, and says what it waits for",
    needs: "controllers",
    async run({ api, word }) {
      const name = `${word}-going`;
      const maps = `/api/v1/namespaces/${name}/configmaps`;
      await api.post("/api/v1/namespaces", { metadata: { name } });
      await api.post(maps, configMap("held", { metadata: { finalizers: [HOLD] } }));
      await api.delete(`/api/v1/namespaces/${name}`);
      const answer = await api.post(maps, configMap("late"));
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message: `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      });
      assert.equal(answer.body.at("details", "causes", 0, "reason"), "NamespaceTerminating");
      await eventually(async () => {
        const { text } = await api.get(`/api/v1/namespaces/${name}`);
        assert.match(text, /NamespaceFinalizersRemaining/);
      });
      await api.patch(`${maps}/held`, "merge", RELEASE);
      await eventually(
        async () => void expectStatus(await api.get(`/api/v1/namespaces/${name}`), 404),
      );
    },
  },
  {
    name: "evicts a pod, unless a budget forbids it",
    since: "1.22",
    async run({ api, path }) {
      const labels = { app: "p" };
      await api.post(path("v1", "pods"), { ...pod("p"), metadata: { name: "p", labels } });
      const budget = {
        metadata: { name: "b" },
        spec: { minAvailable: 1, selector: { matchLabels: labels } },
      };
      const made = await api.post(path("policy/v1", "poddisruptionbudgets"), budget);
      const disruptionsAllowed = 0;
      const status = {
        observedGeneration: 1,
        disruptionsAllowed,
        currentHealthy: 1,
        desiredHealthy: 1,
        expectedPods: 1,
      };
      await api.put(path("policy/v1", "poddisruptionbudgets/b/status"), {
        ...(made.body.value as Json),
        status,
      });
      await api.patch(path("v1", "pods/p/status"), "merge", {
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
      });
      const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } };
      const refused = await api.post(path("v1", "pods/p/eviction"), eviction);
      expectRefusal(refused, {
        code: 429,
        reason: "TooManyRequests",
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
      });
      await api.delete(path("policy/v1", "poddisruptionbudgets/b"));
      expectStatus(await api.post(path("v1", "pods/p/eviction"), eviction), 201);
      expectStatus(await api.get(path("v1", "pods/p")), 404);
    },
  },
];
