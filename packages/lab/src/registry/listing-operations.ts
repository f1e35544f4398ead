import { digestText, parseDigest } from "./digest.ts";
import type { Exchange, Operation } from "./exchange.ts";
import { pulling } from "./exchange.ts";
import { ociIndex, parseManifest } from "./manifest.ts";
import { anonymousToken, RegistryAccess, tokenIn } from "./registry-access.ts";
import { RegistryError } from "./registry-error.ts";
import { repositoryText } from "./registry-request.ts";
import { respondJson } from "./registry-response.ts";

type Page = { readonly items: readonly string[]; readonly link: Record<string, string> };

/** Whether there is a registry here, for a caller whose token the cluster knows. */
export const checkVersion: Operation = async ({ response }) => respondJson(response, {});

/** Tags in their order, in pages when asked for. */
export const listTags = pulling(async (exchange) => {
  const { items, link } = pageOf(exchange, await exchange.repository.tags());
  respondJson(exchange.response, { name: repositoryText(exchange.name), tags: items }, link);
});

export const listRepositories: Operation = async (exchange) => {
  await exchange.access.requireCatalog(exchange.request);
  const { items, link } = pageOf(exchange, await exchange.shelves.streams.names());
  respondJson(exchange.response, { repositories: items }, link);
};

/** What was pushed about a manifest, such as signatures, as an index. */
export const listReferrers = pulling(async (exchange) => {
  const { repository, shelves, request, reference, response } = exchange;
  const wanted = request.query.get("artifactType");
  const manifests: object[] = [];
  for (const digest of await repository.referrers(parseDigest(reference))) {
    const bytes = await shelves.content.read(digest);
    const { mediaType, artifactType, annotations } = parseManifest(
      bytes,
      await repository.manifestType(digest),
    );
    if (wanted !== null && wanted !== artifactType) continue;
    const size = bytes.length;
    manifests.push({ mediaType, digest: digestText(digest), size, artifactType, annotations });
  }
  respondJson(
    response,
    { schemaVersion: 2, mediaType: ociIndex, manifests },
    {
      "content-type": ociIndex,
      ...(wanted === null ? {} : { "oci-filters-applied": "artifactType" }),
    },
  );
});

/** Gives back the token that was sent as a password, once the cluster knows it: what `docker login` expects. */
export async function giveToken({
  request,
  response,
  shelves,
}: Omit<Exchange, "access">): Promise<void> {
  const token = tokenIn(request) ?? anonymousToken;
  if (token !== anonymousToken) await RegistryAccess.of(shelves.cluster, request);
  respondJson(response, { token, access_token: token });
}

function pageOf({ request: { query, path } }: Exchange, all: readonly string[]): Page {
  const last = query.get("last") ?? "";
  const text = query.get("n");
  const rest = last === "" ? all : all.filter((item) => item > last);
  if (text === null) return { items: rest, link: {} };
  if (!/^\d{1,9}$/.test(text)) {
    throw new RegistryError("PAGINATION_NUMBER_INVALID", "n has to be a number.");
  }
  const items = rest.slice(0, Number(text));
  const end = items.at(-1);
  if (end === undefined || items.length === rest.length) return { items, link: {} };
  const next = `${path}?n=${text}&last=${encodeURIComponent(end)}`;
  return { items, link: { link: `<${next}>; rel="next"` } };
}
