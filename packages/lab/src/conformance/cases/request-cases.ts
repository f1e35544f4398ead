import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { claim, configMap, deployment, pod } from "../manifests.ts";

const OPTIONS_REASON = { code: 422, reason: "Invalid" };

function unknownPath(what: string, of: (context: CaseContext) => string): ConformanceCase {
  return {
    name: `answers ${what} with a status`,
    async run(context) {
      expectRefusal(await context.api.get(of(context)), {
        code: 404,
        reason: "NotFound",
        message: "the server could not find the requested resource",
      });
    },
  };
}

/** Requests that are odd in their path, their query or their body. */
export const requestCases: readonly ConformanceCase[] = [
  unknownPath("an unknown resource", ({ path }) => path("v1", "nopes")),
  unknownPath("an unknown resource of a group", ({ path }) => path("apps/v1", "nopes/x")),
  unknownPath("an unknown version of a group", () => "/apis/apps/v9"),
  unknownPath("an unknown subresource", ({ path }) => path("v1", "pods/p/nope")),
  {
    name: "answers an unknown group in plain text",
    async run({ api }) {
      const answer = expectStatus(await api.get("/apis/nope.example/v1/things"), 404);
      assert.equal(answer.text, "404 page not found\n");
    },
  },
  {
    name: "does not create in all namespaces at once",
    async run({ api }) {
      expectRefusal(await api.post("/api/v1/configmaps", configMap("a")), {
        code: 405,
        reason: "MethodNotAllowed",
      });
    },
  },
  {
    name: "knows no heads of collections",
    async run({ api, path }) {
      expectStatus(await api.send("HEAD", path("v1", "configmaps")), 405);
    },
  },
  {
    name: "leaves out of builtin lists what kind their items are",
    async run({ api, path }) {
      await api.post(path("v1", "secrets"), { metadata: { name: "a" } });
      const { body } = await api.get(path("v1", "secrets?fieldSelector=metadata.name%3Da"));
      assert.equal(body.at("items", 0, "metadata", "name"), "a");
      assert.equal(body.at("items", 0, "kind"), undefined);
      assert.equal(body.at("items", 0, "apiVersion"), undefined);
      assert.equal(body.at("metadata", "continue"), undefined);
    },
  },
  {
    name: "takes any flag but 0 and false for a yes",
    async run({ api, path }) {
      const watched = await api.get(path("v1", "secrets?watch=maybe&timeoutSeconds=1"));
      assert.equal(watched.body.at("kind"), undefined);
      const listed = await api.get(path("v1", "secrets?watch=0"));
      assert.equal(listed.body.at("kind"), "SecretList");
    },
  },
  {
    name: "refuses a field manager of more than 128 bytes",
    async run({ api, path }) {
      const query = `configmaps?fieldManager=${"x".repeat(129)}`;
      expectRefusal(await api.post(path("v1", query), configMap("a")), {
        ...OPTIONS_REASON,
        message:
          /^CreateOptions\.meta\.k8s\.io "" is invalid: fieldManager: Too long: .* 128 bytes$/,
      });
    },
  },
  {
    name: "says whose uid a replacement should have had",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const uid = "11111111-1111-1111-1111-111111111111";
      const answer = await api.put(
        path("v1", "configmaps/a"),
        configMap("a", { metadata: { uid } }),
      );
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message:
          /^Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: .*: Precondition failed: UID in precondition: 1{8}/,
      });
      const patched = await api.patch(path("v1", "configmaps/a"), "merge", { metadata: { uid } });
      expectRefusal(patched, {
        code: 422,
        reason: "Invalid",
        message: /metadata\.uid: Invalid value: "1{8}.*": field is immutable/,
      });
    },
  },
  {
    name: "does not let a patch move an object to another namespace",
    async run({ api, path, namespace }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const patch = { metadata: { namespace: "other" } };
      expectRefusal(await api.patch(path("v1", "configmaps/a"), "merge", patch), {
        code: 400,
        reason: "BadRequest",
        message: `the namespace of the object (other) does not match the namespace on the request (${namespace})`,
      });
    },
  },
  {
    name: "blames the patch when what it makes is no object of the kind",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      for (const patch of [{ data: { x: 1 } }, { kind: "Secret" }]) {
        const answer = await api.patch(path("v1", "configmaps/a"), "merge", patch);
        expectRefusal(answer, {
          code: 422,
          reason: "Invalid",
          message: /^ "" is invalid: patch: Invalid value: /,
        });
      }
    },
  },
  {
    name: "gives no reason why a JSON patch does not fit",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const patch = [{ op: "test", path: "/data", value: "x" }];
      expectRefusal(await api.patch(path("v1", "configmaps/a"), "json", patch), {
        code: 422,
        reason: "Invalid",
        message: "the server rejected our request due to an error in our request",
      });
    },
  },
  {
    name: "puts list items of a strategic patch before those it does not name",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const containers = [{ name: "added", image: "b:1" }];
      const { body } = await api.patch(path("apps/v1", "deployments/d"), "strategic", {
        spec: { template: { spec: { containers } } },
      });
      const names = body.list("spec", "template", "spec", "containers") as { name: string }[];
      assert.deepEqual(
        names.map(({ name }) => name),
        ["added", "main"],
      );
    },
  },
  {
    name: "wants the merge key in every item of a strategic patch",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const answer = await api.patch(path("apps/v1", "deployments/d"), "strategic", {
        spec: { template: { spec: { containers: [{ image: "nokey" }] } } },
      });
      assert.equal(
        expectStatus(answer, 500).body.at("message"),
        "map: map[image:nokey] does not contain declared merge key: name",
      );
    },
  },
  {
    name: "does not take two ways to treat dependents",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const options = { orphanDependents: true, propagationPolicy: "Orphan" };
      expectRefusal(await api.delete(path("v1", "configmaps/a"), options), {
        ...OPTIONS_REASON,
        message:
          /propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set/,
      });
    },
  },
  {
    name: "writes down when a pod was deleted, also when it goes at once",
    async run({ api, path }) {
      await api.post(path("v1", "pods"), pod("p"));
      const { body } = await api.delete(path("v1", "pods/p"));
      assert.match(body.text("metadata", "deletionTimestamp"), /^\d{4}-/);
      assert.equal(body.at("metadata", "deletionGracePeriodSeconds"), 0);
    },
  },
  {
    name: "does not delete the namespaces it lives in",
    async run({ api }) {
      expectRefusal(await api.delete("/api/v1/namespaces/default"), {
        code: 403,
        reason: "Forbidden",
        message: 'namespaces "default" is forbidden: this namespace may not be deleted',
      });
    },
  },
  {
    name: "does not let a claim grow before it is bound",
    async run({ api, path }) {
      await api.post(path("v1", "persistentvolumeclaims"), claim("c"));
      const answer = await api.patch(path("v1", "persistentvolumeclaims/c"), "merge", {
        spec: { resources: { requests: { storage: "2Gi" } } },
      });
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /spec: Forbidden: spec is immutable after creation except resources\.requests/,
      });
    },
  },
  {
    name: "counts an owner named twice once",
    async run({ api, path }) {
      const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "1" };
      const { body } = await api.post(
        path("v1", "configmaps?dryRun=All"),
        configMap("a", { metadata: { ownerReferences: [owner, owner] } }),
      );
      assert.equal(body.list("metadata", "ownerReferences").length, 1);
    },
  },
  {
    name: "applies nothing that the schema does not declare",
    async run({ api, path }) {
      const apply = (body: Json): ReturnType<typeof api.patch> =>
        api.patch(path("v1", "configmaps/a?fieldManager=m"), "apply", body);
      const unknown = expectStatus(await apply({ ...configMap("a"), foo: 1 }), 500);
      assert.match(
        unknown.body.text("message"),
        /^failed to create typed patch object.*: \.foo: field not declared in schema$/,
      );
      expectRefusal(await apply(configMap("a", { metadata: { managedFields: [] } })), {
        code: 400,
        reason: "BadRequest",
        message: "metadata.managedFields must be nil",
      });
    },
  },
];
