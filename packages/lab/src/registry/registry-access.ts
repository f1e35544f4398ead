import type { Cluster } from "@drover/kube";
import { ANONYMOUS } from "../apiserver/auth/user-info.ts";
import type { UserInfo } from "../apiserver/auth/user-info.ts";
import { mayUser } from "../reviews/may-user.ts";
import type { ResourceAttributes } from "../reviews/may-user.ts";
import { tokenOwner } from "../reviews/token-owner.ts";
import { RegistryError } from "./registry-error.ts";
import { header, repositoryText } from "./registry-request.ts";
import type { RegistryRequest, RepositoryName } from "./registry-request.ts";

/** What the token endpoint gives to those who sign in with nothing. */
export const anonymousToken = "anonymous";

type Attributes = Omit<ResourceAttributes, "group">;

/** What one request's sender may do; each question goes to the cluster, so that what was revoked is refused. */
export class RegistryAccess {
  readonly #cluster: Cluster;
  readonly #caller: UserInfo;

  private constructor(cluster: Cluster, caller: UserInfo) {
    this.#cluster = cluster;
    this.#caller = caller;
  }

  /** Knows a request's sender by a bearer token, or by a password that is one, whatever the user name. */
  static async of(cluster: Cluster, request: RegistryRequest): Promise<RegistryAccess> {
    const token = tokenIn(request);
    if (token === undefined) throw unauthorized(request, "Sign in with a token of the cluster.");
    if (token === anonymousToken) return new RegistryAccess(cluster, ANONYMOUS);
    const user = await tokenOwner(cluster, token);
    if (user === undefined) throw unauthorized(request, "The cluster does not know this token.");
    return new RegistryAccess(cluster, user);
  }

  async requirePull(request: RegistryRequest, repository: RepositoryName): Promise<void> {
    await this.#require(request, repository, "get");
  }

  async requirePush(request: RegistryRequest, repository: RepositoryName): Promise<void> {
    await this.#require(request, repository, "update");
  }

  async requireCatalog(request: RegistryRequest): Promise<void> {
    if (await this.#may({ verb: "list", resource: "imagestreams" })) return;
    throw this.#refusal(request, "list imagestreams of all namespaces");
  }

  async mayPull(repository: RepositoryName): Promise<boolean> {
    return this.#may(layersOf(repository, "get"));
  }

  async mayCreate({ namespace }: RepositoryName): Promise<boolean> {
    return this.#may({ verb: "create", resource: "imagestreams", namespace });
  }

  async #require(
    request: RegistryRequest,
    repository: RepositoryName,
    verb: string,
  ): Promise<void> {
    if (await this.#may(layersOf(repository, verb))) return;
    throw this.#refusal(request, `${verb} imagestreams/layers of ${repositoryText(repository)}`);
  }

  #refusal(request: RegistryRequest, what: string): RegistryError {
    if (this.#caller === ANONYMOUS) return unauthorized(request, `Sign in to ${what}.`);
    return new RegistryError("DENIED", `${this.#caller.username} may not ${what}.`);
  }

  #may(attributes: Attributes): Promise<boolean> {
    return mayUser(this.#cluster, this.#caller, { group: "image.openshift.io", ...attributes });
  }
}

function layersOf({ namespace, stream }: RepositoryName, verb: string): Attributes {
  return { verb, resource: "imagestreams", subresource: "layers", namespace, name: stream };
}

/** The token of a request, sent as a bearer token or as a password. */
export function tokenIn(request: RegistryRequest): string | undefined {
  const [scheme = "", value = ""] = (header(request, "authorization") ?? "").split(" ", 2);
  if (scheme.toLowerCase() === "bearer") return value === "" ? undefined : value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const [, password = ""] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, "base64").toString()) ?? [];
  return password === "" ? undefined : password;
}

/** Says where a token is to be had. */
function unauthorized(request: RegistryRequest, message: string): RegistryError {
  const realm = `https://${header(request, "host") ?? "registry"}/openshift/token`;
  const { target } = request;
  const actions = request.method === "GET" || request.method === "HEAD" ? "pull" : "pull,push";
  const scope =
    "repository" in target
      ? `,scope="repository:${repositoryText(target.repository)}:${actions}"`
      : "";
  return new RegistryError("UNAUTHORIZED", message, {
    "www-authenticate": `Bearer realm="${realm}"${scope}`,
  });
}
