import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startObjectStore, type ObjectStore } from "./object-store.ts";
import { presignedUrl } from "./sigv4.ts";

const secrets = { accessKey: "drover", secretKey: "a secret/with+signs" };
let dataDir: string;
let store: ObjectStore;
let s3: S3Client;

function client(overrides: { secretKey?: string; accessKey?: string } = {}): S3Client {
  return new S3Client({
    endpoint: store.url,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: overrides.accessKey ?? secrets.accessKey,
      secretAccessKey: overrides.secretKey ?? secrets.secretKey,
    },
  });
}

async function start(): Promise<void> {
  store = await startObjectStore({ dataDir, port: 0, ...secrets });
  s3 = client();
}

async function newBucket(name: string): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  return name;
}

async function read(Bucket: string, Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "object-store-"));
  await start();
});

afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

test("keeps an object with its type and metadata, and gives parts of it", async () => {
  const Bucket = await newBucket("objects");
  const Key = "a/b c+ü&'<.txt";
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: "hello",
      ContentType: "text/plain",
      Metadata: { x: "y" },
    }),
  );
  const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(await object.Body?.transformToString()).toBe("hello");
  expect(object).toMatchObject({
    ContentType: "text/plain",
    Metadata: { x: "y" },
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
  });
  const middle = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=1-3" }));
  expect(await middle.Body?.transformToString()).toBe("ell");
  expect(middle.ContentRange).toBe("bytes 1-3/5");
  const end = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=-2" }));
  expect(await end.Body?.transformToString()).toBe("lo");
  const outside = s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=9-" }));
  await expect(outside).rejects.toMatchObject({ name: "InvalidRange" });
});

test("keeps a stream sent in signed or trailing chunks bit for bit", async () => {
  const Bucket = await newBucket("streams");
  const bytes = randomBytes(3_000_000);
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: "s",
      Body: Readable.from([bytes]),
      ContentLength: bytes.length,
    }),
  );
  expect((await read(Bucket, "s")).equals(bytes)).toBe(true);
  for (const ChecksumAlgorithm of ["CRC32C", "SHA1", "SHA256"] as const) {
    await s3.send(new PutObjectCommand({ Bucket, Key: "c", Body: bytes, ChecksumAlgorithm }));
    expect((await read(Bucket, "c")).equals(bytes)).toBe(true);
  }
});

test("refuses a body whose checksum is wrong and keeps what was there", async () => {
  const Bucket = await newBucket("checksums");
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "first" }));
  const wrong = s3.send(
    new PutObjectCommand({ Bucket, Key: "k", Body: "second", ChecksumCRC32: "AAAAAA==" }),
  );
  await expect(wrong).rejects.toMatchObject({ name: "BadDigest" });
  expect((await read(Bucket, "k")).toString()).toBe("first");
});

test("joins the parts of a multipart upload and checks their tags", async () => {
  const Bucket = await newBucket("multipart");
  const Key = "big";
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const upload = { Bucket, Key, UploadId };
  const pieces = [randomBytes(5 << 20), randomBytes(1000)];
  const Parts = [];
  for (const [index, Body] of pieces.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const listed = await s3.send(new ListPartsCommand(upload));
  expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 << 20, 1000]);
  expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toHaveLength(1);
  const wrong = s3.send(
    new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: "0".repeat(32) }] },
    }),
  );
  await expect(wrong).rejects.toMatchObject({ name: "InvalidPart" });
  const done = await s3.send(
    new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
  );
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  expect((await read(Bucket, Key)).equals(Buffer.concat(pieces))).toBe(true);
  await expect(s3.send(new ListPartsCommand(upload))).rejects.toMatchObject({
    name: "NoSuchUpload",
  });
});

test("lists keys in byte order, page by page, whatever the keys look like", async () => {
  const Bucket = await newBucket("listing");
  const long = "l".repeat(64);
  const keys = [
    "a",
    "a-b",
    "a/",
    "a/b",
    "a/b/c",
    "a0",
    "a//x",
    "ü",
    "%2F",
    "+o",
    ".",
    "..",
    "../x",
    `${long}`,
    `${long}/in`,
    `${long}-more`,
    `${long}${long}/deep/${long}x`,
    "z z",
    "日本/語",
  ];
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const found: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket,
        MaxKeys: 4,
        ...(ContinuationToken && { ContinuationToken }),
      }),
    );
    found.push(...(page.Contents ?? []).map((object) => object.Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(found).toEqual(sorted);
  for (const key of keys) expect((await read(Bucket, key)).toString()).toBe(key);
  const after = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: "a/b" }));
  expect(after.Contents?.[0]?.Key).toBe("a/b/c");
});

test("groups keys by delimiter across pages, in both listing versions", async () => {
  const Bucket = await newBucket("delimiter");
  for (const Key of ["p/a/1", "p/a/2", "p/b", "p/c/1", "p/d", "q"]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  }
  const seen: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsCommand({
        Bucket,
        Prefix: "p/",
        Delimiter: "/",
        MaxKeys: 1,
        ...(Marker && { Marker }),
      }),
    );
    seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
    seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    Marker = page.NextMarker;
  } while (Marker);
  expect(seen).toEqual(["p/a/", "p/b", "p/c/", "p/d"]);
  const whole = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: "/" }));
  expect(whole).toMatchObject({
    KeyCount: 2,
    CommonPrefixes: [{ Prefix: "p/" }],
    IsTruncated: false,
  });
});

test("lets exactly one of many conditional writers create an object", async () => {
  const Bucket = await newBucket("conditions");
  const writes = Array.from({ length: 8 }, (_, index) =>
    s3.send(new PutObjectCommand({ Bucket, Key: "lock", Body: `${index}`, IfNoneMatch: "*" })),
  );
  const results = await Promise.allSettled(writes);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "lock" }));
  const stale = { Bucket, Key: "lock", Body: "new", IfMatch: `"${"0".repeat(32)}"` };
  await expect(s3.send(new PutObjectCommand(stale))).rejects.toMatchObject({
    name: "PreconditionFailed",
  });
  await s3.send(new PutObjectCommand({ ...stale, IfMatch: head.ETag }));
  expect((await read(Bucket, "lock")).toString()).toBe("new");
});

test("copies and deletes objects, one and many", async () => {
  const Bucket = await newBucket("copies");
  await s3.send(new PutObjectCommand({ Bucket, Key: "from", Body: "data", Metadata: { a: "1" } }));
  await s3.send(new CopyObjectCommand({ Bucket, Key: "to/here", CopySource: `${Bucket}/from` }));
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "to/here" }))).Metadata).toEqual({
    a: "1",
  });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "from" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "from" }));
  await expect(read(Bucket, "from")).rejects.toMatchObject({ name: "NoSuchKey" });
  const notEmpty = s3.send(new DeleteBucketCommand({ Bucket }));
  await expect(notEmpty).rejects.toMatchObject({ name: "BucketNotEmpty" });
  const batch = new DeleteObjectsCommand({
    Bucket,
    Delete: { Objects: [{ Key: "to/here" }, { Key: "no" }] },
  });
  expect((await s3.send(batch)).Deleted).toHaveLength(2);
  await s3.send(new DeleteBucketCommand({ Bucket }));
  await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: "NotFound",
  });
});

test("knows its buckets", async () => {
  const Bucket = await newBucket("known");
  const { Buckets } = await s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toContain(Bucket);
  await expect(newBucket("known")).rejects.toMatchObject({ name: "BucketAlreadyOwnedByYou" });
  await s3.send(new GetBucketLocationCommand({ Bucket }));
  await expect(read("nowhere", "k")).rejects.toMatchObject({ name: "NoSuchBucket" });
});

test("refuses wrong keys, wrong secrets, unsigned and tampered requests", async () => {
  const Bucket = await newBucket("guarded");
  const list = new ListObjectsV2Command({ Bucket });
  await expect(client({ secretKey: "no" }).send(list)).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
  });
  await expect(client({ accessKey: "no" }).send(list)).rejects.toMatchObject({
    name: "InvalidAccessKeyId",
  });
  expect((await fetch(`${store.url}/${Bucket}`)).status).toBe(403);
  await s3.send(new PutObjectCommand({ Bucket, Key: "k y", Body: "signed" }));
  const url = presignedUrl({
    endpoint: store.url,
    bucket: Bucket,
    key: "k y",
    region: "us-east-1",
    expiresSeconds: 60,
    ...secrets,
  });
  expect(await (await fetch(url)).text()).toBe("signed");
  expect((await fetch(url.replace("k%20y", "other"))).status).toBe(403);
  expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
  const old = presignedUrl({
    endpoint: store.url,
    bucket: Bucket,
    key: "k y",
    region: "us-east-1",
    expiresSeconds: 60,
    ...secrets,
    now: new Date(Date.now() - 120_000),
  });
  expect(await (await fetch(old)).text()).toContain("Request has expired");
});

test("still has everything after a restart", async () => {
  const Bucket = await newBucket("durable");
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "kept" }));
  await store.close();
  await start();
  expect((await read(Bucket, "k")).toString()).toBe("kept");
});
