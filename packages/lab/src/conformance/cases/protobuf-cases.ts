import assert from "node:assert/strict";
import type { Answer } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { configMap, deployment } from "../manifests.ts";
import { defineWidgets, removeWidgets } from "../widgets.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const MAGIC = Buffer.from("k8s\0", "latin1");

/** A field of a message that holds text, bytes or another message. */
function field(number: number, ...parts: readonly (string | Buffer)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  assert.ok(content.length < 128, "a longer one needs a longer length");
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
}

function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  return Buffer.concat([MAGIC, field(1, field(1, apiVersion), field(2, kind)), field(2, raw)]);
}

/** ConfigMap{metadata: {name, labels: {a: b}}, data: {k: ü}, binaryData: {b: 0x00 0xff}} */
function mapMessage(name: string): Buffer {
  return Buffer.concat([
    field(1, field(1, name), field(11, field(1, "a"), field(2, "b"))),
    field(2, field(1, "k"), field(2, "ü")),
    field(3, field(1, "b"), field(2, Buffer.from([0, 255]))),
  ]);
}

function post({ api, path }: CaseContext, body: Buffer): Promise<Answer> {
  return api.post(path("v1", "configmaps"), body, { contentType: PROTOBUF });
}

function broken(what: string, body: Buffer, message: RegExp): ConformanceCase {
  return {
    name: `refuses ${what}, and goes on`,
    async run(context) {
      const { api, path } = context;
      expectRefusal(await post(context, body), { code: 400, reason: "BadRequest", message });
      const left = await api.get(
        path("v1", "configmaps?fieldSelector=metadata.name!=kube-root-ca.crt"),
      );
      assert.deepEqual(expectStatus(left, 200).body.list("items"), []);
      expectStatus(await post(context, envelope("v1", "ConfigMap", mapMessage("a"))), 201);
    },
  };
}

/** Bodies in Kubernetes' own protocol buffer form. */
export const protobufCases: readonly ConformanceCase[] = [
  {
    name: "creates what a message says",
    async run(context) {
      const body = envelope("v1", "ConfigMap", mapMessage("a"));
      const answer = expectStatus(await post(context, body), 201);
      assert.equal(answer.headers["content-type"], "application/json");
      assert.deepEqual(answer.body.at("metadata", "labels"), { a: "b" });
      assert.deepEqual(answer.body.at("data"), { k: "ü" });
      assert.deepEqual(answer.body.at("binaryData"), { b: "AP8=" });
    },
  },
  {
    name: "replaces by a message",
    async run(context) {
      const { api, path } = context;
      await api.post(path("v1", "configmaps"), configMap("a", { data: { old: "1" } }));
      const body = envelope("v1", "ConfigMap", mapMessage("a"));
      const put = await api.put(path("v1", "configmaps/a"), body, { contentType: PROTOBUF });
      assert.deepEqual(expectStatus(put, 200).body.at("data"), { k: "ü" });
    },
  },
  {
    name: "takes a message that does not say its kind for the resource's",
    async run(context) {
      expectStatus(await post(context, envelope("", "", mapMessage("a"))), 201);
    },
  },
  {
    name: "scales by a message",
    async run({ api, path, namespace }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const metadata = field(1, field(1, "d"), field(3, namespace));
      const replicas = Buffer.concat([metadata, field(2, Buffer.from([8, 5]))]);
      const body = envelope("autoscaling/v1", "Scale", replicas);
      const scale = path("apps/v1", "deployments/d/scale");
      const answer = await api.put(scale, body, { contentType: PROTOBUF });
      assert.equal(expectStatus(answer, 200).body.at("spec", "replicas"), 5);
    },
  },
  {
    name: "deletes with options in a message",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      // {propagationPolicy: Foreground}
      const body = envelope("v1", "DeleteOptions", field(4, "Foreground"));
      const one = path("apps/v1", "deployments/d");
      const answer = await api.send("DELETE", one, { body, contentType: PROTOBUF });
      assert.deepEqual(expectStatus(answer, 200).body.list("metadata", "finalizers"), [
        "foregroundDeletion",
      ]);
    },
  },
  {
    name: "issues a token for a message",
    async run({ api, path }) {
      await api.post(path("v1", "serviceaccounts"), { metadata: { name: "sa" } });
      const audience = field(2, field(1, "somebody"));
      const body = envelope("authentication.k8s.io/v1", "TokenRequest", audience);
      const token = path("v1", "serviceaccounts/sa/token");
      const answer = await api.post(token, body, { contentType: PROTOBUF });
      assert.deepEqual(expectStatus(answer, 201).body.at("spec", "audiences"), ["somebody"]);
    },
  },
  {
    name: "has no messages for custom kinds",
    async run(context) {
      const widgets = await defineWidgets(context);
      const body = envelope(`${widgets.group}/v1`, "Widget", mapMessage("w"));
      const answer = await context.api.post(widgets.path, body, { contentType: PROTOBUF });
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message: /^Widget in version "v1" cannot be handled as a Widget: Object 'Kind' is missing/,
      });
      await removeWidgets(context, widgets);
    },
  },
  broken(
    "a body without anything in it",
    Buffer.alloc(0),
    /\(must be of type ConfigMap\): empty data \(<empty>\)$/,
  ),
  broken(
    "a body that is no message",
    Buffer.from("hello"),
    /does not appear to be a protobuf message, expected prefix \[107 56 115 0\] \(68656c6c6f\)$/,
  ),
  broken("a body that ends after its mark", MAGIC, /: empty body \(6b387300\)$/),
  broken(
    "a message whose envelope is cut off",
    Buffer.concat([MAGIC, Buffer.from([0x0a, 0x20])]),
    /: unexpected EOF \(6b3873000a20\)$/,
  ),
  broken(
    "a message that is cut off",
    envelope("v1", "ConfigMap", mapMessage("a").subarray(0, 7)),
    /^ConfigMap in version "v1" cannot be handled as a ConfigMap: unexpected EOF$/,
  ),
  broken(
    "a message of another kind",
    envelope("v1", "Secret", field(1, field(1, "a"))),
    /^Secret in version "v1" cannot be handled as a ConfigMap: /,
  ),
  broken(
    "a message of a kind that nobody knows",
    envelope("v9", "Nix", field(1, field(1, "a"))),
    /no kind "Nix" is registered for version "v9"/,
  ),
];
