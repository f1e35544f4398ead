import { createAuthority, issueCertificate, startObjectStore } from "@drover/lab";
import type { ObjectStore } from "@drover/lab";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { probeBucket } from "./probe-bucket.ts";
import type { S3Target } from "./s3-target.ts";

const accessKey = "drover";
const secretKey = "a-well-kept-secret";
const seen: string[] = [];
let dataDir: string;
let store: ObjectStore;
let front: { url: string; close: () => void };
let tls: { url: string; caPem: string; close: () => void };
const { signal } = new AbortController();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "drover-probe-"));
  store = await startObjectStore({ dataDir, port: 0, accessKey, secretKey, buckets: ["backups"] });
  front = await startFront();
  tls = await startTlsFront();
});

afterAll(async () => {
  front.close();
  tls.close();
  await store.close();
  await rm(dataDir, { recursive: true });
});

/** Passes requests on to the store and remembers their methods; refuses to delete in bucket `no-delete`. */
function passOn(incoming: IncomingMessage, response: ServerResponse): void {
  seen.push(`${incoming.method} ${incoming.url?.split("?")[0]}`);
  const { method = "GET", headers, url = "/" } = incoming;
  const outgoing = request(new URL(url, store.url), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(outgoing);
}

async function startFront() {
  const server = createServer((incoming, response) => {
    if (incoming.method === "DELETE" && incoming.headers["x-refuse"]) response.writeHead(403).end();
    else passOn(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

async function startTlsFront() {
  const authority = await createAuthority("store CA");
  const leaf = await issueCertificate(authority, { commonName: "store", hosts: ["127.0.0.1"] });
  const server = createTlsServer({ cert: leaf.certPem, key: leaf.keyPem }, passOn);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;
  return { url, caPem: authority.certPem, close: () => void server.close() };
}

function aTarget(over: Partial<S3Target> = {}): S3Target {
  return {
    bucket: "backups",
    region: "us-east-1",
    endpoint: front.url,
    caPem: undefined,
    insecure: false,
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    ...over,
  };
}

it("really writes, reads and deletes an object, and leaves nothing behind", async () => {
  seen.length = 0;
  expect(await probeBucket(aTarget(), signal)).toBeUndefined();
  expect(seen.map((line) => line.replace(/[0-9a-f-]{36}/, "ID"))).toEqual([
    "PUT /backups/drover-probe/ID",
    "GET /backups/drover-probe/ID",
    "DELETE /backups/drover-probe/ID",
  ]);
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const left = files.filter((file) => file.isFile() && file.parentPath.includes("drover-probe"));
  expect(left).toEqual([]);
});

it.each([
  ["a bucket that does not exist", { bucket: "nowhere" }, /no bucket nowhere/],
  ["a wrong access key", { accessKeyId: "other" }, /does not know the access key/],
  ["a wrong secret", { secretAccessKey: "wrong-secret" }, /aws-secret-access-key/],
  ["nobody there", { endpoint: "http://127.0.0.1:1" }, /nothing listens there/],
  ["no such host", { endpoint: "http://no.such.host.invalid" }, /host name/],
])("says in a sentence what is wrong: %s", async (_name, over, sentence) => {
  const failure = await probeBucket(aTarget(over), signal);
  expect(failure).toMatch(sentence);
  expect(failure).not.toContain(secretKey);
  expect(failure).not.toContain("wrong-secret");
});

it("names the CA bundle when the certificate is not trusted, and accepts it with the bundle", async () => {
  const untrusted = await probeBucket(aTarget({ endpoint: tls.url }), signal);
  expect(untrusted).toMatch(/self-signed.*s3CustomCABundle/);
  const trusted = { endpoint: tls.url, caPem: tls.caPem };
  expect(await probeBucket(aTarget(trusted), signal)).toBeUndefined();
  const insecure = { endpoint: tls.url, insecure: true };
  expect(await probeBucket(aTarget(insecure), signal)).toBeUndefined();
});

it("says that TLS is spoken to a store that does not speak it", async () => {
  const endpoint = front.url.replace("http:", "https:");
  expect(await probeBucket(aTarget({ endpoint }), signal)).toMatch(/does not speak TLS/);
});
