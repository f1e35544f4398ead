import { jsonAnswer, STREAMED } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { notFound } from "../http/status-error.ts";
import type { Fields } from "../json.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import type { StoredEntry } from "../store/stored-entry.ts";
import { listPage } from "./list-objects.ts";
import type { ListedPage } from "./list-objects.ts";
import { tableOf, tableRequestFrom } from "../tables/table.ts";
import type { TableRequest } from "../tables/table.ts";
import { isPlain } from "./shown-answer.ts";
import { inRequestedVersion, itemJson, requestedJson } from "./versioned.ts";

export function getHandler(server: ServerContext, request: ResourceRequest): Answer {
  const table = tableRequestOf(request);
  if (table !== undefined) {
    const object = inRequestedVersion(findEntry(server, request).object, request.resource);
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    return jsonAnswer(
      tableOf(request.resource, [object], { request: table, metadata, now: server.now() }),
    );
  }
  return {
    kind: "json",
    code: 200,
    json: requestedJson(findEntry(server, request), request.resource),
  };
}

/** The stored object a request names; throws a 404. */
export function findEntry(server: ServerContext, request: ResourceRequest): StoredEntry {
  const { resource, info } = request;
  const entry = server.store.find(resource.storage, info.namespace, info.name ?? "");
  if (entry === undefined) throw notFound(resource, info.name ?? "");
  return entry;
}

export async function listHandler(
  server: ServerContext,
  request: ResourceRequest,
): Promise<Answer> {
  const page = listPage(server, request);
  const table = tableRequestOf(request);
  if (table !== undefined) {
    const objects = page.entries.map((entry) => inRequestedVersion(entry.object, request.resource));
    const metadata = listMetadata(page);
    return jsonAnswer(
      tableOf(request.resource, objects, { request: table, metadata, now: server.now() }),
    );
  }
  if (page.entries.length <= SMALL || !isPlain(request.form))
    return jsonText(listText(request, page));
  await streamList(request, page);
  return STREAMED;
}

const SMALL = 500;
const CHUNK_CHARACTERS = 256 * 1024;

function jsonText(json: string): Answer {
  return { kind: "json", code: 200, json };
}

function tableRequestOf(request: ResourceRequest): TableRequest | undefined {
  const { incoming, query } = request;
  return tableRequestFrom(incoming.headers.accept ?? "", query.get("includeObject"));
}

function listMetadata(page: ListedPage): Fields {
  return {
    resourceVersion: String(page.revision),
    ...(page.continueToken === undefined ? {} : { continue: page.continueToken }),
    ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
}

function listHead(request: ResourceRequest, page: ListedPage): string {
  const { resource } = request;
  const metadata = listMetadata(page);
  const head = JSON.stringify({
    kind: resource.listKind,
    apiVersion: apiVersionOf(resource),
    // Only lists of custom resources say that there is no more.
    metadata: resource.custom === undefined ? metadata : { continue: "", ...metadata },
  });
  return `${head.slice(0, -1)},"items":[`;
}

function listText(request: ResourceRequest, page: ListedPage): string {
  const items = page.entries.map((entry) => itemJson(entry, request.resource));
  return `${listHead(request, page)}${items.join(",")}]}`;
}

/** Writes a long list in pieces, waiting for a slow reader, so that it is never held in memory whole. */
async function streamList(request: ResourceRequest, page: ListedPage): Promise<void> {
  const { response } = request;
  response.writeHead(200, {
    "content-type": "application/json",
    "cache-control": "no-cache, private",
  });
  let chunk = listHead(request, page);
  let separator = "";
  for (const entry of page.entries) {
    chunk += separator + itemJson(entry, request.resource);
    separator = ",";
    if (chunk.length < CHUNK_CHARACTERS) continue;
    await writeChunk(request, chunk);
    if (response.destroyed) return;
    chunk = "";
  }
  response.end(`${chunk}]}`);
}

async function writeChunk(request: ResourceRequest, chunk: string): Promise<void> {
  const { response } = request;
  if (response.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
