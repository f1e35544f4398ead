import type { ServerResponse } from "node:http";
import type { BucketStore } from "./bucket-store.ts";
import type { RequestBody } from "./request-body.ts";
import type { S3Request } from "./s3-request.ts";

/** All an operation works with. */
export type Exchange = {
  readonly store: BucketStore;
  readonly region: string;
  readonly request: S3Request;
  readonly body: RequestBody;
  readonly response: ServerResponse;
};

export type Operation = (exchange: Exchange) => Promise<void>;
