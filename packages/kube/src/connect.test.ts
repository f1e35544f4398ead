import { ConfigMap, Pod } from "@drover/crds";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { Cluster, ClusterConnection } from "./cluster.ts";
import { connect } from "./connect.ts";
import { KubeError } from "./kube-error.ts";
import { answerJson, scriptedServer, statusBody, type Answer } from "./testing/scripted-server.ts";

type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };

async function clusterThat(
  answer: Answer,
  options: Partial<ClusterConnection> = {},
): Promise<{ cluster: Cluster; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = await scriptedServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  const cluster = connect({ url: server.url, caPem: server.caPem, ...options });
  onTestFinished(async () => {
    await cluster.close();
    await server[Symbol.asyncDispose]();
  });
  return { cluster, seen };
}

const here = { namespace: "ns", name: "a" };
const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { ...here }, data: {} };

const answering =
  (code: number, body: unknown): Answer =>
  (_request: IncomingMessage, response: ServerResponse) =>
    answerJson(response, code, body);

async function failureOf(promise: Promise<unknown>): Promise<KubeError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof KubeError) return error;
  throw new Error(`expected a KubeError, got ${String(error)}`);
}

test("speaks the paths, verbs and content types of the Kubernetes API", async () => {
  const { cluster, seen } = await clusterThat(answering(200, configMap), { token: "secret" });
  await cluster.get(ConfigMap, here);
  await cluster.create(ConfigMap, configMap, { dryRun: true });
  await cluster.apply(ConfigMap, configMap, { fieldManager: "me" });
  await cluster.patch(ConfigMap, here, { type: "json", body: [] });
  await cluster.patchSubresource(ConfigMap, here, "status", { type: "merge", body: {} });
  await cluster.delete(ConfigMap, here, { propagation: "Foreground", uid: "u" });
  const collection = "/api/v1/namespaces/ns/configmaps";
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET ${collection}/a`,
    `POST ${collection}?fieldManager=drover&dryRun=All`,
    `PATCH ${collection}/a?fieldManager=me&force=true`,
    `PATCH ${collection}/a?fieldManager=drover`,
    `PATCH ${collection}/a/status?fieldManager=drover`,
    `DELETE ${collection}/a`,
  ]);
  expect(seen.map(({ headers }) => headers["content-type"])).toEqual([
    undefined,
    "application/json",
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/json",
  ]);
  expect(seen.every(({ headers }) => headers.authorization === "Bearer secret")).toBe(true);
  expect(JSON.parse(seen[5]?.body ?? "")).toEqual({
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: "Foreground",
    preconditions: { uid: "u" },
  });
});

test("keeps the path of an address that has one", async () => {
  const { seen, cluster: root } = await clusterThat(answering(200, configMap));
  const proxied = connect({ url: `${root.url}/k8s/clusters/c-1/`, insecure: true });
  await proxied.get(ConfigMap, here);
  await proxied.close();
  expect(seen[0]?.url).toBe("/k8s/clusters/c-1/api/v1/namespaces/ns/configmaps/a");
});

test("follows a list through its pages and names the kind of each item", async () => {
  const { cluster, seen } = await clusterThat((request, response) => {
    const isSecond = request.url?.includes("continue=next") === true;
    answerJson(response, 200, {
      metadata: { resourceVersion: "5", ...(isSecond ? {} : { continue: "next" }) },
      items: [{ metadata: { name: isSecond ? "b" : "a" } }],
    });
  });
  const items = await cluster.list(ConfigMap, { namespace: "ns", labelSelector: "x in (a,b)" });
  expect(items).toEqual([
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" } },
  ]);
  expect(seen[0]?.url).toContain("labelSelector=x+in+%28a%2Cb%29&limit=500");
});

test("a missing object is found absent, a missing kind is an error", async () => {
  const gone = await clusterThat(answering(404, statusBody(404, "NotFound", "not found")));
  expect(await gone.cluster.find(ConfigMap, here)).toBeUndefined();
  expect(await gone.cluster.delete(ConfigMap, here)).toBe(false);
  const lacking = await clusterThat((_request, response) =>
    response.writeHead(404).end("404 page not found"),
  );
  const error = await failureOf(lacking.cluster.find(ConfigMap, here));
  expect(error.message).toMatch(
    /nothing at .*configmaps\/a .*does not offer this kind of resource/,
  );
});

test("says what the server refused and which field to mend", async () => {
  const status = {
    ...statusBody(422, "Invalid", 'ConfigMap "a" is invalid'),
    details: { causes: [{ field: "data.x", reason: "FieldValueInvalid", message: "too long" }] },
  };
  const { cluster } = await clusterThat(answering(422, status));
  const error = await failureOf(cluster.create(ConfigMap, configMap));
  expect(error).toMatchObject({
    code: 422,
    reason: "Invalid",
    message: 'ConfigMap "a" is invalid',
  });
  expect(error.fields).toEqual([
    { field: "data.x", reason: "FieldValueInvalid", message: "too long" },
  ]);
  expect(error.isInvalid && !error.isTransient).toBe(true);
});

test("never repeats the token, headers or the body of an answer it does not understand", async () => {
  const echo: Answer = (request, response) => {
    const authorization = request.headers.authorization ?? "";
    response.setHeader("set-cookie", "session=cookie-value");
    if (request.method === "GET") response.writeHead(502).end(`<html>${authorization}</html>`);
    else answerJson(response, 403, statusBody(403, "Forbidden", `no ${authorization}`));
  };
  const { cluster } = await clusterThat(echo, { token: "top-secret-token" });
  const errors = [
    await failureOf(cluster.get(ConfigMap, here)),
    await failureOf(cluster.create(ConfigMap, configMap)),
  ];
  for (const error of errors) {
    const everything = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    expect(everything).not.toMatch(/top-secret-token|cookie-value|<html>/);
  }
});

test("refuses a token that would break out of its header, without quoting it", async () => {
  const { cluster, seen } = await clusterThat(answering(200, configMap), {
    token: "abc\r\nImpersonate-User: admin",
  });
  const error = await failureOf(cluster.get(ConfigMap, here));
  expect(error.isUnauthorized).toBe(true);
  expect(error.message).not.toContain("abc");
  expect(seen).toEqual([]);
});

test("does not follow redirects", async () => {
  const { cluster, seen } = await clusterThat((_request, response) =>
    response.writeHead(302, { location: "/elsewhere" }).end(),
  );
  expect((await failureOf(cluster.get(ConfigMap, here))).message).toMatch(/redirect/);
  expect(seen).toHaveLength(1);
});

test("gives up after the timeout, also in the middle of an answer", async () => {
  const { cluster } = await clusterThat(
    (_request, response) => void response.writeHead(200).write("{"),
    { timeoutMs: 50 },
  );
  const error = await failureOf(cluster.get(ConfigMap, here));
  expect(error).toMatchObject({ code: 0, reason: "Timeout", isTransient: true });
});

test("asks again what a busy server did not carry out, when it says so", async () => {
  let refusals = 2;
  const { cluster, seen } = await clusterThat((request, response) => {
    if (refusals === 0) return answering(200, configMap)(request, response);
    refusals -= 1;
    response.setHeader("retry-after", "0.2");
    answering(429, statusBody(429, "TooManyRequests", "too many requests"))(request, response);
  });
  const begin = performance.now();
  await cluster.create(ConfigMap, configMap);
  expect(performance.now() - begin).toBeGreaterThanOrEqual(390);
  expect(new Set(seen.map(({ method, body }) => `${method} ${body}`)).size).toBe(1);
  expect(seen).toHaveLength(3);
});

test("says that the server is busy when that does not end in time", async () => {
  const { cluster, seen } = await clusterThat(
    (request, response) => {
      response.setHeader("retry-after", "3");
      answering(429, statusBody(429, "TooManyRequests", "too many requests"))(request, response);
    },
    { timeoutMs: 300 },
  );
  const error = await failureOf(cluster.get(ConfigMap, here));
  expect(error).toMatchObject({ code: 429, message: "too many requests" });
  expect(seen).toHaveLength(1);
});

test("an aborted call ends with the caller's own reason", async () => {
  const { cluster } = await clusterThat(() => undefined);
  const reason = new Error("no longer needed");
  const signal = AbortSignal.abort(reason);
  await expect(cluster.list(ConfigMap, { signal })).rejects.toBe(reason);
});

test("does not trust a certificate nobody vouches for, and says what to give", async () => {
  const { cluster: trusted } = await clusterThat(answering(200, configMap));
  const stranger = connect({ url: trusted.url });
  const error = await failureOf(stranger.get(ConfigMap, here));
  expect(error.isCertificateNotTrusted && !error.isTransient).toBe(true);
  expect(error.message).toMatch(/Give the CA bundle/);
  const careless = connect({ url: trusted.url, insecure: true });
  expect(await careless.get(ConfigMap, here)).toEqual(configMap);
  await Promise.all([stranger.close(), careless.close()]);
});

test("an address nobody listens on is transient", async () => {
  const cluster = connect({ url: "https://127.0.0.1:1" });
  const error = await failureOf(cluster.version());
  expect(error).toMatchObject({ code: 0, reason: "Unreachable", isTransient: true });
  expect(error.message).toContain("nothing listens there");
  await cluster.close();
});

test("takes https addresses only", () => {
  for (const url of ["http://127.0.0.1:6443", "file:///etc/passwd", "https://u:p@host", "nonsense"])
    expect(() => connect({ url })).toThrow(/must look like https/);
});

test("a name cannot walk to another path", async () => {
  const { cluster, seen } = await clusterThat(answering(200, configMap));
  for (const name of ["..", "../secrets/x", "a/b", "a%2fb", ""])
    await expect(cluster.get(ConfigMap, { namespace: "ns", name })).rejects.toThrow(
      /cannot be a name/,
    );
  await expect(cluster.get(ConfigMap, { name: "a" })).rejects.toThrow(/lives in a namespace/);
  expect(seen).toEqual([]);
});

test("reads a log as lines, whatever the chunks, and stops when asked", async () => {
  const { cluster, seen } = await clusterThat((_request, response) => {
    const bytes = Buffer.from("één\r\ntwee\ndrie");
    response.write(bytes.subarray(0, 1));
    setTimeout(() => response.write(bytes.subarray(1, 8)), 20);
    setTimeout(() => response.write(bytes.subarray(8)), 40);
  });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  const lines: string[] = [];
  const options = { container: "main", follow: true, tailLines: 5, signal: stop.signal };
  for await (const line of cluster.logs(here, options)) lines.push(line);
  expect(lines).toEqual(["één", "twee"]);
  expect(seen[0]?.url).toBe(
    "/api/v1/namespaces/ns/pods/a/log?container=main&follow=true&tailLines=5",
  );
});

test("a refused log is an error, not an empty log", async () => {
  const { cluster } = await clusterThat(answering(400, statusBody(400, "BadRequest", "waiting")));
  const read = async (): Promise<void> => {
    for await (const line of cluster.logs(here)) throw new Error(line);
  };
  expect((await failureOf(read())).message).toBe("waiting");
});

test("a watch that was told its version is too old is gone", async () => {
  const { cluster, seen } = await clusterThat((_request, response) => {
    const object = statusBody(410, "Expired", "too old");
    response.end(`${JSON.stringify({ type: "ERROR", object })}\n`);
  });
  const read = async (): Promise<void> => {
    for await (const event of cluster.watch(Pod, { resourceVersion: "1" }))
      throw new Error(event.type);
  };
  expect((await failureOf(read())).isGone).toBe(true);
  expect(seen[0]?.url).toBe("/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=1");
});

test("asks whether it may, and for tokens", async () => {
  const { cluster, seen } = await clusterThat((request, response) => {
    const isReview = request.url?.endsWith("selfsubjectaccessreviews") === true;
    answerJson(response, 201, { status: isReview ? { allowed: true } : { token: "t" } });
  });
  expect(await cluster.can({ verb: "get", group: "", resource: "pods" })).toBe(true);
  expect(await cluster.createToken(here, { expirationSeconds: 600 })).toBe("t");
  expect(seen[1]?.url).toBe("/api/v1/namespaces/ns/serviceaccounts/a/token");
});

test("discovers every group and passes over one whose own server is down", async () => {
  const answers: Record<string, unknown> = {
    "/api": { versions: ["v1"] },
    "/apis": {
      groups: ["apps", "broken"].map((name) => ({
        name,
        versions: [{ version: "v1" }],
        preferredVersion: { version: "v1" },
      })),
    },
    "/api/v1": {
      resources: [
        { name: "pods", kind: "Pod", namespaced: true, verbs: ["get"] },
        { name: "pods/log", kind: "Pod", namespaced: true, verbs: ["get"] },
      ],
    },
    "/apis/apps/v1": {
      resources: [{ name: "deployments", kind: "Deployment", namespaced: true, verbs: ["list"] }],
    },
  };
  const { cluster } = await clusterThat((request, response) => {
    const body = answers[request.url ?? ""];
    if (body === undefined) response.writeHead(503).end("down");
    else answerJson(response, 200, body);
  });
  const found = await cluster.discovery();
  expect(found.map(({ group, plural, verbs }) => [group, plural, verbs])).toEqual([
    ["", "pods", ["get"]],
    ["apps", "deployments", ["list"]],
  ]);
});

test("a closed connection answers nothing more and says so", async () => {
  const { cluster } = await clusterThat(answering(200, configMap));
  await cluster.close();
  expect((await failureOf(cluster.get(ConfigMap, here))).reason).toBe("Closed");
});
