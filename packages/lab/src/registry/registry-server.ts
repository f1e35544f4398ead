import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Cluster } from "@drover/kube";
import { openDoor } from "../faults/server-door.ts";
import type { ServerDoor } from "../faults/server-door.ts";
import { Reachability } from "../faults/unreachable.ts";
import type { KeyPair } from "../tls/certificate-authority.ts";
import { openShelves } from "./exchange.ts";
import type { Shelves } from "./exchange.ts";
import { giveToken } from "./listing-operations.ts";
import { RegistryAccess } from "./registry-access.ts";
import { RegistryError } from "./registry-error.ts";
import { parseRequest } from "./registry-request.ts";
import type { RegistryRequest } from "./registry-request.ts";
import { respondEmpty, respondError } from "./registry-response.ts";
import { findOperation } from "./routes.ts";
import { sweep } from "./sweep.ts";

export type RegistryOptions = {
  /** Directory of all content; made when absent. */
  readonly dataDir: string;
  /** Whose image streams are repositories, and who says who may what. */
  readonly cluster: Cluster;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly tls: KeyPair;
  /** Told about failures that are the registry's own. */
  readonly onFailure: (about: string, error: unknown) => void;
  readonly reachability?: Reachability;
};

/** Starts a registry as OpenShift has it: repositories are image streams, tokens are the cluster's. */
export async function startRegistry(options: RegistryOptions): Promise<ServerDoor> {
  const shelves = openShelves(options.dataDir, options.cluster);
  await sweep(options.dataDir);
  const { certPem: cert, keyPem: key } = options.tls;
  const { reachability = new Reachability() } = options;
  const server = createServer({ cert, key }, listener({ ...options, reachability }, shelves));
  // Layers take as long as they take.
  server.requestTimeout = 0;
  const { host, port, onFailure } = options;
  return openDoor({
    server,
    host,
    port,
    reachability,
    onFailure: (error) => onFailure("Listening", error),
  });
}

function listener(
  { onFailure, reachability }: Required<RegistryOptions>,
  shelves: Shelves,
): RequestListener {
  return (message, response) => {
    if (reachability.intercept(message, response)) return;
    response.setHeader("docker-distribution-api-version", "registry/2.0");
    answer(shelves, message, response).catch((error: unknown) => {
      if (!(error instanceof RegistryError) && !message.destroyed) {
        onFailure(`${message.method ?? ""} ${message.url?.split("?")[0] ?? ""}`, error);
      }
      message.resume();
      respondError(response, error, message.method === "HEAD");
    });
  };
}

async function answer(
  shelves: Shelves,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request: RegistryRequest = parseRequest(message);
  const { kind } = request.target;
  if (kind === "health") return respondEmpty(response, 200);
  if (kind === "token") return giveToken({ request, response, shelves });
  const access = await RegistryAccess.of(shelves.cluster, request);
  await findOperation(request, kind)({ shelves, request, response, access });
}
