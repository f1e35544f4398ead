import * as buckets from "./bucket-operations.ts";
import { listObjects } from "./list-objects.ts";
import * as multipart from "./multipart-operations.ts";
import * as objects from "./object-operations.ts";
import type { Operation } from "./operation.ts";
import { S3Error } from "./s3-error.ts";
import { header, type S3Request } from "./s3-request.ts";

type Route = {
  readonly method: string;
  /** A query parameter that names the operation. */
  readonly query?: string;
  readonly header?: string;
  readonly operation: Operation;
};

const bucketRoutes: readonly Route[] = [
  { method: "PUT", operation: buckets.createBucket },
  { method: "HEAD", operation: buckets.headBucket },
  { method: "DELETE", operation: buckets.deleteBucket },
  { method: "POST", query: "delete", operation: buckets.deleteObjects },
  { method: "GET", query: "location", operation: buckets.bucketLocation },
  { method: "GET", query: "versioning", operation: buckets.bucketVersioning },
  { method: "GET", query: "uploads", operation: multipart.listUploads },
  { method: "GET", operation: listObjects },
];

const objectRoutes: readonly Route[] = [
  { method: "POST", query: "uploads", operation: multipart.createUpload },
  { method: "POST", query: "uploadId", operation: multipart.completeUpload },
  { method: "DELETE", query: "uploadId", operation: multipart.abortUpload },
  { method: "GET", query: "uploadId", operation: multipart.listParts },
  { method: "PUT", query: "uploadId", operation: multipart.uploadPart },
  { method: "PUT", header: "x-amz-copy-source", operation: objects.copyObject },
  { method: "PUT", operation: objects.putObject },
  { method: "GET", operation: objects.readObject },
  { method: "HEAD", operation: objects.readObject },
  { method: "DELETE", operation: objects.deleteObject },
];

/** Sub-resources this store does not keep; without this a GET of an ACL would answer with a listing. */
const unsupported = new Set([
  "acl",
  "cors",
  "encryption",
  "lifecycle",
  "logging",
  "notification",
  "object-lock",
  "policy",
  "replication",
  "requestPayment",
  "restore",
  "retention",
  "select",
  "tagging",
  "versions",
  "website",
]);

/** The operation a request asks for. */
export function findOperation(request: S3Request): Operation {
  const missing = [...request.query.keys()].find((name) => unsupported.has(name));
  const isPartCopy = request.query.has("partNumber") && header(request, "x-amz-copy-source");
  if (missing !== undefined || isPartCopy) {
    const what = missing ?? "copying into a part";
    throw new S3Error("NotImplemented", `This store does not implement ${what}.`);
  }
  if (request.bucket === "") {
    if (request.method === "GET") return buckets.listBuckets;
    throw new S3Error("MethodNotAllowed", "Only GET is answered here.");
  }
  const routes = request.key === "" ? bucketRoutes : objectRoutes;
  const route = routes.find(
    ({ method, query, header: name }) =>
      method === request.method &&
      (query === undefined || request.query.has(query)) &&
      (name === undefined || header(request, name) !== undefined),
  );
  if (route) return route.operation;
  throw new S3Error("MethodNotAllowed", `${request.method} is not answered here.`);
}
