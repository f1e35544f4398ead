import type { Operation } from "./operation.ts";
import { readText } from "./request-body.ts";
import { S3Error } from "./s3-error.ts";
import { respondEmpty, respondXml } from "./s3-response.ts";
import { document, elements, elementText, tag } from "./xml.ts";

const owner = `<Owner>${tag("ID", "drover-lab")}${tag("DisplayName", "drover-lab")}</Owner>`;

export const listBuckets: Operation = async ({ store, response }) => {
  const names = await store.bucketNames();
  const buckets = await Promise.all(
    names.map(async (name) => {
      const made = (await store.bucketMade(name)).toISOString();
      return `<Bucket>${tag("Name", name)}${tag("CreationDate", made)}</Bucket>`;
    }),
  );
  const content = `${owner}<Buckets>${buckets.join("")}</Buckets>`;
  respondXml(response, document("ListAllMyBucketsResult", content));
};

export const createBucket: Operation = async ({ store, request, body, response }) => {
  await readText(body);
  await store.createBucket(request.bucket);
  respondEmpty(response, 200, { location: `/${request.bucket}` });
};

export const headBucket: Operation = async ({ store, request, response, region }) => {
  await store.requireBucket(request.bucket);
  respondEmpty(response, 200, { "x-amz-bucket-region": region });
};

export const deleteBucket: Operation = async ({ store, request, response }) => {
  await store.requireBucket(request.bucket);
  await store.deleteBucket(request.bucket);
  respondEmpty(response, 204);
};

export const bucketLocation: Operation = async ({ store, request, response, region }) => {
  await store.requireBucket(request.bucket);
  respondXml(response, document("LocationConstraint", region === "us-east-1" ? "" : region));
};

/** Objects here have no versions, and this is how S3 says so. */
export const bucketVersioning: Operation = async ({ store, request, response }) => {
  await store.requireBucket(request.bucket);
  respondXml(response, document("VersioningConfiguration", ""));
};

export const deleteObjects: Operation = async ({ store, request, body, response }) => {
  await store.requireBucket(request.bucket);
  const text = await readText(body);
  const keys = elements(text, "Object").map((object) => elementText(object, "Key"));
  const isQuiet = elementText(text, "Quiet") === "true";
  if (keys.length === 0 || keys.length > 1000 || keys.includes(undefined)) {
    throw new S3Error("MalformedXML", "A batch delete names between 1 and 1000 keys.");
  }
  const results: string[] = [];
  for (const key of keys) {
    await store.delete(request.bucket, key ?? "");
    if (!isQuiet) results.push(`<Deleted>${tag("Key", key ?? "")}</Deleted>`);
  }
  respondXml(response, document("DeleteResult", results.join("")));
};
