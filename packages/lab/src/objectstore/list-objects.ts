import { keyBytes, keyFromBytes, type FoundKey } from "./key-path.ts";
import { findFacts, type ObjectFacts } from "./object-file.ts";
import type { BucketStore } from "./bucket-store.ts";
import type { Operation } from "./operation.ts";
import { S3Error } from "./s3-error.ts";
import type { S3Request } from "./s3-request.ts";
import { respondXml } from "./s3-response.ts";
import { awsEncodePath } from "./sigv4.ts";
import { document, tag } from "./xml.ts";

// Sorts after every continuation of a prefix: no UTF-8 text holds this byte.
const afterAll = "\u00ff";

type Question = {
  readonly isV2: boolean;
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Byte form of where the previous page ended. */
  readonly after: string;
  readonly encodesUrl: boolean;
};

type Page = {
  readonly contents: { readonly key: string; readonly facts: ObjectFacts }[];
  readonly commonPrefixes: string[];
  /** Where the next page goes on; undefined on the last page. */
  next?: string;
};

function readMaxKeys(query: ReadonlyMap<string, string>): number {
  const maxKeys = Number(query.get("max-keys") ?? 1000);
  if (Number.isInteger(maxKeys) && maxKeys >= 0) return Math.min(maxKeys, 1000);
  throw new S3Error("InvalidArgument", "max-keys is not a whole number.");
}

function readAfter(query: ReadonlyMap<string, string>, isV2: boolean): string {
  const token = query.get("continuation-token");
  if (token !== undefined) return Buffer.from(token, "base64url").toString("latin1");
  const start = keyBytes(query.get(isV2 ? "start-after" : "marker") ?? "");
  const delimiter = query.get("delimiter") ?? "";
  // A marker that is a common prefix stands for everything below it.
  const isPrefixMarker = !isV2 && delimiter !== "" && start.endsWith(keyBytes(delimiter));
  return start + (isPrefixMarker ? afterAll : "");
}

function readQuestion({ query }: S3Request): Question {
  const isV2 = query.get("list-type") === "2";
  return {
    isV2,
    prefix: keyBytes(query.get("prefix") ?? ""),
    delimiter: keyBytes(query.get("delimiter") ?? ""),
    maxKeys: readMaxKeys(query),
    after: readAfter(query, isV2),
    encodesUrl: query.get("encoding-type") === "url",
  };
}

function commonPrefix({ bytes }: FoundKey, { prefix, delimiter }: Question): string | undefined {
  if (delimiter === "") return undefined;
  const at = bytes.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : bytes.slice(0, at + delimiter.length);
}

async function nextKey(
  store: BucketStore,
  bucket: string,
  range: { prefix: string; after: string },
): Promise<FoundKey | undefined> {
  const { value } = await store.walk(bucket, range).next();
  return value ?? undefined;
}

/** Adds keys to the page until a common prefix is met, whose other keys the caller skips. */
async function fill(
  store: BucketStore,
  { bucket, question, page }: { bucket: string; question: Question; page: Page },
  after: string,
): Promise<{ after: string; isDone: boolean }> {
  const { prefix, maxKeys } = question;
  let last = after;
  for await (const found of store.walk(bucket, { prefix, after })) {
    if (page.contents.length + page.commonPrefixes.length >= maxKeys) {
      page.next = last;
      return { after: last, isDone: true };
    }
    const common = commonPrefix(found, question);
    if (common !== undefined) {
      page.commonPrefixes.push(common);
      return { after: common + afterAll, isDone: false };
    }
    last = found.bytes;
    const facts = await findFacts(found.path);
    if (facts !== undefined) page.contents.push({ key: keyFromBytes(found.bytes), facts });
  }
  return { after: last, isDone: true };
}

async function readPage(store: BucketStore, bucket: string, question: Question): Promise<Page> {
  const page: Page = { contents: [], commonPrefixes: [] };
  if (question.maxKeys === 0) return page;
  let { after } = question;
  for (let isDone = false; !isDone;) {
    const isFull = page.contents.length + page.commonPrefixes.length >= question.maxKeys;
    if (isFull && !(await nextKey(store, bucket, { prefix: question.prefix, after }))) break;
    ({ after, isDone } = await fill(store, { bucket, question, page }, after));
  }
  return page;
}

function continuation(question: Question, next: string | undefined, encode: Encode): string {
  if (next === undefined) return "";
  if (question.isV2) {
    const token = Buffer.from(next, "latin1").toString("base64url");
    return tag("NextContinuationToken", token);
  }
  const marker = next.endsWith(afterAll) ? next.slice(0, -1) : next;
  return tag("NextMarker", encode(keyFromBytes(marker)));
}

type Encode = (text: string) => string;

export const listObjects: Operation = async ({ store, request, response }) => {
  await store.requireBucket(request.bucket);
  const question = readQuestion(request);
  const page = await readPage(store, request.bucket, question);
  const encode: Encode = question.encodesUrl ? awsEncodePath : (text) => text;
  const count = page.contents.length + page.commonPrefixes.length;
  const contents = page.contents.map(
    ({ key, facts }) =>
      `<Contents>${tag("Key", encode(key))}${tag("LastModified", facts.modified)}` +
      `${tag("ETag", `"${facts.etag}"`)}${tag("Size", facts.sizeBytes)}` +
      `${tag("StorageClass", "STANDARD")}</Contents>`,
  );
  const prefixes = page.commonPrefixes.map(
    (prefix) => `<CommonPrefixes>${tag("Prefix", encode(keyFromBytes(prefix)))}</CommonPrefixes>`,
  );
  respondXml(
    response,
    document(
      "ListBucketResult",
      [
        tag("Name", request.bucket),
        tag("Prefix", encode(keyFromBytes(question.prefix))),
        question.delimiter === "" ? "" : tag("Delimiter", encode(keyFromBytes(question.delimiter))),
        tag("MaxKeys", question.maxKeys),
        question.encodesUrl ? tag("EncodingType", "url") : "",
        question.isV2 ? tag("KeyCount", count) : "",
        tag("IsTruncated", page.next !== undefined),
        continuation(question, page.next, encode),
        ...contents,
        ...prefixes,
      ].join(""),
    ),
  );
};
