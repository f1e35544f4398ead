import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { Cluster } from "@drover/kube";
import { ContentStore } from "./content-store.ts";
import { ImageStreams } from "./image-streams.ts";
import type { RegistryAccess } from "./registry-access.ts";
import { RegistryError } from "./registry-error.ts";
import { repositoryText } from "./registry-request.ts";
import type { RegistryRequest, RepositoryName } from "./registry-request.ts";
import { Repository } from "./repository.ts";
import { UploadSessions } from "./upload-session.ts";

/** What a registry keeps, and the cluster it asks. */
export type Shelves = {
  readonly root: string;
  readonly cluster: Cluster;
  readonly content: ContentStore;
  readonly uploads: UploadSessions;
  readonly streams: ImageStreams;
};

/** All an operation works with. */
export type Exchange = {
  readonly shelves: Shelves;
  readonly request: RegistryRequest;
  readonly response: ServerResponse;
  readonly access: RegistryAccess;
};

export type Operation = (exchange: Exchange) => Promise<void>;

/** What an operation on a repository works with. */
export type RepositoryExchange = Exchange & {
  readonly name: RepositoryName;
  readonly repository: Repository;
  /** A tag, a digest or an upload's id. */
  readonly reference: string;
};

export function openShelves(root: string, cluster: Cluster): Shelves {
  const content = new ContentStore(join(root, "blobs"));
  const uploads = new UploadSessions(content);
  return { root, cluster, content, uploads, streams: new ImageStreams(cluster) };
}

/** An operation that reads a repository: who may not, or whom there is nothing for, is told so. */
export function pulling(work: (exchange: RepositoryExchange) => Promise<void>): Operation {
  return async (exchange) => {
    const { name, reference } = repositoryIn(exchange.request);
    await exchange.access.requirePull(exchange.request, name);
    const repository = await findRepository(exchange.shelves, name);
    if (repository === undefined) throw unknownName(name);
    await work({ ...exchange, name, repository, reference });
  };
}

/** An operation that changes a repository; a stream that is not there is made, as far as the caller may do that. */
export function pushing(work: (exchange: RepositoryExchange) => Promise<void>): Operation {
  return async (exchange) => {
    const { name, reference } = repositoryIn(exchange.request);
    await exchange.access.requirePush(exchange.request, name);
    const { shelves, access } = exchange;
    const known = await findRepository(shelves, name);
    if (known === undefined && (await access.mayCreate(name))) await shelves.streams.create(name);
    const repository = known ?? (await findRepository(shelves, name));
    if (repository === undefined) throw unknownName(name);
    await work({ ...exchange, name, repository, reference });
  };
}

/** A stream that was deleted and made again is another one, and empty: its folder bears the stream's uid. */
export async function findRepository(
  { root, streams }: Shelves,
  name: RepositoryName,
): Promise<Repository | undefined> {
  const uid = (await streams.find(name))?.metadata.uid;
  if (uid === undefined) return undefined;
  return new Repository(join(root, "repositories", name.namespace, name.stream, uid));
}

function repositoryIn({ target }: RegistryRequest): { name: RepositoryName; reference: string } {
  if ("repository" in target) return { name: target.repository, reference: target.reference };
  throw new Error(`There is no repository in a request for ${target.kind}.`);
}

function unknownName(name: RepositoryName): RegistryError {
  return new RegistryError(
    "NAME_UNKNOWN",
    `There is no image stream ${repositoryText(name)}; create it, or its namespace.`,
  );
}
