import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { pino, type Logger } from "pino";
import { ObjectStoreFaults } from "../faults/object-store-faults.ts";
import { openDoor } from "../faults/server-door.ts";
import { authenticate, type Credentials } from "./authenticate.ts";
import { BucketStore } from "./bucket-store.ts";
import { readBody } from "./request-body.ts";
import { findOperation } from "./routes.ts";
import { S3Error } from "./s3-error.ts";
import { parseRequest } from "./s3-request.ts";
import { markResponse, respondError } from "./s3-response.ts";

export type ObjectStoreOptions = {
  /** Directory that keeps buckets and objects; made when absent. */
  readonly dataDir: string;
  /** 0 for any free port. Listens on 127.0.0.1 only. */
  readonly port: number;
  readonly accessKey: string;
  readonly secretKey: string;
  /** `us-east-1` when absent. */
  readonly region?: string;
  /** Buckets made at start when absent. */
  readonly buckets?: readonly string[];
  readonly now?: () => Date;
  readonly logger?: Logger;
  readonly faults?: ObjectStoreFaults;
};

export type ObjectStore = {
  /** `http://127.0.0.1:<port>`, for path-style requests. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
};

type Settings = {
  readonly store: BucketStore;
  readonly credentials: Credentials;
  readonly region: string;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly faults: ObjectStoreFaults;
};

async function answer(
  settings: Settings,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = markResponse(response);
  const about = { method: message.method ?? "", path: (message.url ?? "").split("?")[0] ?? "" };
  const { delayMs } = settings.faults;
  if (delayMs > 0) await sleep(delayMs);
  if (settings.faults.reachability.intercept(message, response)) return;
  try {
    const request = parseRequest(message);
    const authentication = authenticate(request, settings.credentials, settings.now());
    const operation = findOperation(request);
    const body = readBody(request, authentication);
    await operation({ store: settings.store, region: settings.region, request, body, response });
  } catch (error) {
    if (!(error instanceof S3Error) && !message.destroyed && !response.destroyed) {
      settings.logger.error(
        { err: error, requestId, ...about },
        "A request to the object store failed",
      );
    }
    message.resume();
    respondError(response, about, error);
  }
}

/** Starts the S3 server of the lab: path-style, Signature Version 4, every write synced to disk before its answer. */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { faults = new ObjectStoreFaults() } = options;
  const store = await BucketStore.open(options.dataDir, () => faults.isFull);
  const existing = await store.bucketNames();
  for (const bucket of options.buckets ?? []) {
    if (!existing.includes(bucket)) await store.createBucket(bucket);
  }
  const settings: Settings = {
    store,
    credentials: { accessKey: options.accessKey, secretKey: options.secretKey },
    region: options.region ?? "us-east-1",
    now: () => faults.at(options.now?.() ?? new Date()),
    logger: options.logger ?? pino({ level: "silent" }),
    faults,
  };
  const server = createServer((message, response) => void answer(settings, message, response));
  server.requestTimeout = 0;
  const door = await openDoor({
    server,
    host: "127.0.0.1",
    port: options.port,
    reachability: faults.reachability,
    onFailure: (error) => settings.logger.error({ err: error }, "The object store cannot listen"),
  });
  return { url: `http://127.0.0.1:${door.port}`, port: door.port, close: () => door.close() };
}
