import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ImageStream, Namespace } from "@drover/crds";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { ServerDoor } from "../faults/server-door.ts";
import { installOpenshiftKinds } from "../openshift/install-kinds.ts";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";
import type { KeyPair } from "../tls/certificate-authority.ts";
import { startLabCluster } from "../velero/testing/lab-cluster.ts";
import type { LabCluster } from "../velero/testing/lab-cluster.ts";
import { digestOf, digestText } from "./digest.ts";
import { buildImage } from "./image.ts";
import { startRegistry } from "./registry-server.ts";
import { registryClient } from "./testing/registry-client.ts";
import type { RegistryClient } from "./testing/registry-client.ts";

let lab: LabCluster;
let tls: KeyPair;
let caPem: string;
let dataDir: string;
let door: ServerDoor;
let ask: RegistryClient;
let turn = 0;
const failures: unknown[] = [];

beforeAll(async () => {
  lab = await startLabCluster("source", {
    staticTokens: {
      "test-admin-token": { username: "admin", groups: ["system:masters"] },
      "test-nobody-token": { username: "nobody", groups: ["system:authenticated"] },
    },
  });
  await installOpenshiftKinds(lab.cluster);
  const authority = await createAuthority("registry test");
  tls = await issueCertificate(authority, { commonName: "registry", hosts: ["127.0.0.1"] });
  caPem = authority.certPem;
  dataDir = await mkdtemp(join(tmpdir(), "drover-registry-"));
});
afterAll(async () => {
  await lab.close();
  await rm(dataDir, { recursive: true });
});
beforeEach(async () => {
  turn += 1;
  const metadata = { name: space() };
  await lab.cluster.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata });
  await start();
});
afterEach(() => door.close());

const space = (): string => `space-${turn}`;
const name = (stream = "app"): string => `${space()}/${stream}`;

async function start(): Promise<void> {
  const onFailure = (_: string, error: unknown): void => void failures.push(error);
  door = await startRegistry({
    dataDir,
    cluster: lab.cluster,
    host: "127.0.0.1",
    port: 0,
    tls,
    onFailure,
  });
  ask = registryClient({ port: door.port, caPem, token: "test-admin-token" });
}

const stream = (one = "app"): Promise<ImageStream> =>
  lab.cluster.get(ImageStream, { namespace: space(), name: one });

const digest = (bytes: Buffer): string => digestText(digestOf(bytes));

/** Begins an upload, and says where it goes on. */
async function begin(repository = name()): Promise<string> {
  const { status, headers } = await ask("POST", `/v2/${repository}/blobs/uploads/`);
  expect(status).toBe(202);
  return headers.location ?? "";
}

async function push(bytes: Buffer, repository = name()): Promise<void> {
  const path = `/v2/${repository}/blobs/uploads/?digest=${digest(bytes)}`;
  expect((await ask("POST", path, { body: bytes })).status).toBe(201);
}

const typed = (type: string) => ({ headers: { "content-type": type } });

async function pushManifest(
  manifest: Buffer | string,
  reference: string,
  type = "application/vnd.oci.image.manifest.v1+json",
) {
  return ask("PUT", `/v2/${name()}/manifests/${reference}`, { body: manifest, ...typed(type) });
}

async function pushImage(mark: string, tag: string): Promise<string> {
  const image = buildImage({ layers: [{ "shared.txt": "of all" }, { "own.txt": mark }] });
  for (const { bytes } of image.blobs) await push(bytes);
  expect((await pushManifest(image.manifest.bytes, tag)).status).toBe(201);
  return image.manifest.digest;
}

test("an upload in parts goes on after a restart, and is read whole and in part", async () => {
  const bytes = randomBytes(300_000);
  const location = await begin();
  const part = (start: number, end: number) =>
    ask("PATCH", location, {
      body: bytes.subarray(start, end),
      headers: { "content-range": `${start}-${end - 1}` },
    });
  expect((await part(0, 100_000)).headers.range).toBe("0-99999");
  const early = await part(200_000, 300_000);
  expect([early.status, early.codes, early.headers.range]).toEqual([
    416,
    ["RANGE_INVALID"],
    "0-99999",
  ]);
  await door.close();
  await start();
  expect((await ask("GET", location)).headers.range).toBe("0-99999");
  expect((await part(100_000, 200_000)).status).toBe(202);
  const last = await ask("PUT", `${location}?digest=${digest(bytes)}`, {
    body: bytes.subarray(200_000),
  });
  expect(last.status).toBe(201);
  expect((await ask("GET", location)).codes).toEqual(["BLOB_UPLOAD_UNKNOWN"]);

  const blob = `/v2/${name()}/blobs/${digest(bytes)}`;
  expect((await ask("GET", blob)).body.equals(bytes)).toBe(true);
  const head = await ask("HEAD", blob);
  expect([head.status, head.headers["content-length"]]).toEqual([200, "300000"]);
  const middle = await ask("GET", blob, { headers: { range: "bytes=1000-1999" } });
  expect(middle.body.equals(bytes.subarray(1000, 2000))).toBe(true);
  expect([middle.status, middle.headers["content-range"]]).toEqual([206, "bytes 1000-1999/300000"]);
  expect((await ask("GET", blob, { headers: { range: "bytes=-10" } })).body).toHaveLength(10);
  expect((await ask("GET", blob, { headers: { range: "bytes=300000-" } })).status).toBe(416);
});

test("a connection cut in the middle leaves no blob, and the upload can be finished", async () => {
  const bytes = randomBytes(400_000);
  const location = await begin();
  const cut = ask("PUT", `${location}?digest=${digest(bytes)}`, { body: bytes, cutAfter: 250_000 });
  await expect(cut).rejects.toThrow("cut");
  const blob = `/v2/${name()}/blobs/${digest(bytes)}`;
  expect((await ask("GET", blob)).codes).toEqual(["BLOB_UNKNOWN"]);
  // The registry reads what had arrived until it notices; the lock of the upload makes the next part wait.
  const { headers } = await ask("PATCH", location);
  const arrived = Number(headers.range?.split("-")[1]) + 1;
  expect(arrived).toBeLessThanOrEqual(250_000);
  const rest = bytes.subarray(arrived);
  const finished = await ask("PUT", `${location}?digest=${digest(bytes)}`, { body: rest });
  expect(finished.status).toBe(201);
  expect((await ask("GET", blob)).body.equals(bytes)).toBe(true);
});

test("content with another digest is refused and is not there", async () => {
  const wrong = digest(Buffer.from("something else"));
  const refused = await ask("PUT", `${await begin()}?digest=${wrong}`, { body: "content" });
  expect([refused.status, refused.codes]).toEqual([400, ["DIGEST_INVALID"]]);
  expect((await ask("HEAD", `/v2/${name()}/blobs/${wrong}`)).status).toBe(404);
});

test("a blob is mounted from where the caller may pull, and nowhere else to be had", async () => {
  const bytes = randomBytes(1_000);
  await push(bytes, name("other"));
  await begin();
  const mine = `/v2/${name()}/blobs/${digest(bytes)}`;
  expect((await ask("GET", mine)).codes).toEqual(["BLOB_UNKNOWN"]);
  const from = (other: string) =>
    ask("POST", `/v2/${name()}/blobs/uploads/?mount=${digest(bytes)}&from=${other}`);
  expect((await from(name("third"))).status).toBe(202);
  expect((await from(name("other"))).status).toBe(201);
  expect((await ask("GET", mine)).body.equals(bytes)).toBe(true);

  const token = "test-nobody-token";
  expect((await ask("GET", mine, { token })).codes).toEqual(["DENIED"]);
  expect((await ask("POST", `/v2/${name()}/blobs/uploads/`, { token })).codes).toEqual(["DENIED"]);
  expect((await ask("GET", "/v2/_catalog", { token })).codes).toEqual(["DENIED"]);
  expect((await ask("GET", mine, { token: "anonymous" })).status).toBe(401);
});

test("many pushes at once lose no tag", async () => {
  await begin();
  const tags = Array.from({ length: 12 }, (_, index) => `tag-${index}`);
  const digests = await Promise.all(tags.map((tag) => pushImage(tag, tag)));
  const told = (await stream()).status?.tags ?? [];
  const images = new Map(told.map(({ tag, items }) => [tag, items?.[0]?.image]));
  expect(tags.map((tag) => images.get(tag))).toEqual(digests);
  for (const [index, tag] of tags.entries()) {
    const { headers } = await ask("HEAD", `/v2/${name()}/manifests/${tag}`);
    expect(headers["docker-content-digest"]).toBe(digests[index]);
  }
});

test("an image stream tells what a tag was before, and a new stream of the name is empty", async () => {
  const first = await pushImage("first", "latest");
  const second = await pushImage("second", "latest");
  const items = (await stream()).status?.tags?.[0]?.items ?? [];
  expect(items.map(({ image }) => image)).toEqual([second, first]);
  await lab.cluster.delete(ImageStream, { namespace: space(), name: "app" });
  expect((await ask("GET", `/v2/${name()}/tags/list`)).codes).toEqual(["NAME_UNKNOWN"]);
  await begin();
  expect(JSON.parse((await ask("GET", `/v2/${name()}/tags/list`)).body.toString())).toEqual({
    name: name(),
    tags: [],
  });
  expect((await ask("GET", `/v2/${name()}/manifests/${second}`)).codes).toEqual([
    "MANIFEST_UNKNOWN",
  ]);
});

test("manifests that cannot be pulled later are refused", async () => {
  await begin();
  const image = buildImage({ layers: [{ "a.txt": "a" }] });
  const { manifest } = image;
  expect((await pushManifest(manifest.bytes, "1")).codes).toEqual(["MANIFEST_BLOB_UNKNOWN"]);
  for (const { bytes } of image.blobs) await push(bytes);
  const other = digest(Buffer.from("other"));
  expect((await pushManifest(manifest.bytes, other)).codes).toEqual(["DIGEST_INVALID"]);
  for (const bad of ["", "[]", "{", '{"schemaVersion":1}', `{"schemaVersion":2,"layers":{}}`]) {
    expect((await pushManifest(bad, "1")).codes).toEqual(["MANIFEST_INVALID"]);
  }
  const old = "application/vnd.docker.distribution.manifest.v1+prettyjws";
  expect((await pushManifest("{}", "1", old)).codes).toEqual(["MANIFEST_INVALID"]);
  expect((await pushManifest(Buffer.alloc(5 * 1024 * 1024, 32), "1")).codes).toEqual([
    "SIZE_INVALID",
  ]);
  expect((await pushManifest(manifest.bytes, "1")).status).toBe(201);

  const index = "application/vnd.oci.image.index.v1+json";
  const list = (...digests: string[]) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: index,
      manifests: digests.map((one) => ({ mediaType: "any", digest: one, size: 1 })),
    });
  expect((await pushManifest(list(other), "all", index)).codes).toEqual(["MANIFEST_BLOB_UNKNOWN"]);
  expect((await pushManifest(list(manifest.digest), "all", index)).status).toBe(201);
  const { headers } = await ask("GET", `/v2/${name()}/manifests/all`);
  expect(headers["content-type"]).toBe(index);
});

test("what is said about an image is found, and goes with it", async () => {
  const subject = await pushImage("signed", "1");
  const image = buildImage({ layers: [{ "signature.txt": "mine" }] });
  for (const { bytes } of image.blobs) await push(bytes);
  const signature = JSON.stringify({
    ...(JSON.parse(image.manifest.bytes.toString()) as object),
    artifactType: "example/signature",
    subject: { mediaType: image.mediaType, digest: subject, size: 1 },
  });
  const pushed = await pushManifest(signature, digest(Buffer.from(signature)));
  expect(pushed.headers["oci-subject"]).toBe(subject);
  const about = async (query = "") => {
    const { body } = await ask("GET", `/v2/${name()}/referrers/${subject}${query}`);
    return (JSON.parse(body.toString()) as { manifests: { artifactType: string }[] }).manifests;
  };
  expect((await about()).map(({ artifactType }) => artifactType)).toEqual(["example/signature"]);
  expect(await about("?artifactType=other")).toEqual([]);
  await ask("DELETE", `/v2/${name()}/manifests/${digest(Buffer.from(signature))}`);
  expect(await about()).toEqual([]);
});

test.each([
  ["GET", "/v2/../../etc/passwd/manifests/1"],
  ["GET", "/v2/a/..%2f..%2f..%2fetc/manifests/1"],
  ["GET", "/v2/%2e%2e/%2e%2e/blobs/sha256:x"],
  ["GET", "/v2/only-one-part/manifests/1"],
  ["GET", "/v2/a/b/c/manifests/1"],
  ["GET", "/v2/UPPER/case/tags/list"],
  ["GET", "/v2/a/b/manifests/..%2f..%2fx"],
  ["GET", "/v2/a/b/manifests/.hidden"],
  ["GET", "/v2/a/%00/manifests/1"],
  ["GET", "/v2/a/b%ff/manifests/1"],
  ["PUT", "/v2/SPACE/app/manifests/+draft"],
  ["PUT", `/v2/SPACE/app/manifests/${"x".repeat(129)}`],
  ["GET", "/v2/SPACE/app/blobs/sha256:../../../../etc/passwd"],
  ["GET", `/v2/SPACE/app/blobs/sha256:${"A".repeat(64)}`],
  ["PATCH", "/v2/SPACE/app/blobs/uploads/..%2f..%2fx"],
  ["PUT", "/v2/SPACE/app/blobs/uploads/00000000-0000-0000-0000-000000000000?digest=sha256:x"],
  ["POST", "/v2/SPACE/app/blobs/uploads/?digest=md5:x"],
  ["POST", "/v2/SPACE/app/blobs/uploads/?mount=sha256:x&from=../x"],
  ["GET", "/v2/SPACE/app/tags/list?n=-1"],
  ["GET", `/v2/${"a/".repeat(2000)}tags/list`],
  ["TRACE", "/v2/SPACE/app/manifests/1"],
])("%s %s is refused in the vocabulary of the specification", async (method, path) => {
  await begin();
  const before = failures.length;
  const { status, codes } = await ask(method, path.replace("SPACE", space()));
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(codes).toHaveLength(1);
  expect(failures).toHaveLength(before);
  expect((await readdir(dataDir)).toSorted()).toEqual(["blobs", "repositories"]);
});

test("what nobody holds any more is gone after the next start, and everything else is there", async () => {
  const kept = await pushImage("kept", "kept");
  const lost = randomBytes(500);
  await push(lost);
  await ask("DELETE", `/v2/${name()}/blobs/${digest(lost)}`);
  await push(lost, name("other"));
  const gone = randomBytes(500);
  await push(gone);
  await ask("DELETE", `/v2/${name()}/blobs/${digest(gone)}`);
  const [old, fresh] = [await begin(), await begin()];
  const { uid = "" } = (await stream()).metadata;
  const uploads = join(dataDir, "repositories", space(), "app", uid, "uploads");
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  await utimes(join(uploads, basename(old)), twoDaysAgo, twoDaysAgo);
  await door.close();
  await start();
  expect((await ask("HEAD", `/v2/${name()}/manifests/${kept}`)).status).toBe(200);
  expect((await ask("GET", old)).codes).toEqual(["BLOB_UPLOAD_UNKNOWN"]);
  expect((await ask("GET", fresh)).status).toBe(204);
  expect((await ask("GET", `/v2/${name("other")}/blobs/${digest(lost)}`)).body.equals(lost)).toBe(
    true,
  );
  const files = await readdir(join(dataDir, "blobs"), { recursive: true });
  expect(files.some((file) => file.endsWith(digest(gone).slice("sha256:".length)))).toBe(false);
});

test("ten thousand tags come in pages, each of them once and in order", async () => {
  const image = await pushImage("tagged", "0000");
  const { uid = "" } = (await stream()).metadata;
  const folder = join(dataDir, "repositories", space(), "app", uid, "tags");
  const wanted = Array.from({ length: 10_000 }, (_, index) => String(index).padStart(4, "0"));
  for (const tag of wanted) await writeFile(join(folder, tag), image);
  const seen: string[] = [];
  let path: string | undefined = `/v2/${name()}/tags/list?n=900`;
  while (path !== undefined) {
    const { body, headers } = await ask("GET", path);
    seen.push(...(JSON.parse(body.toString()) as { tags: string[] }).tags);
    path = /^<(.+)>; rel="next"$/.exec(String(headers.link ?? ""))?.[1];
  }
  expect(seen).toEqual(wanted);
  const { headers } = await ask("HEAD", `/v2/${name()}/manifests/7777`);
  expect(headers["docker-content-digest"]).toBe(image);
});
