import type { KubeObject } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { labKind, typeOf } from "../node/kinds/lab-kind.ts";
import { RegistryError } from "./registry-error.ts";
import { header, repositoryText } from "./registry-request.ts";
import type { RegistryRequest, RepositoryName } from "./registry-request.ts";

/** Whoever a token belongs to, as the cluster says. */
type Caller = {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
};

type TokenReview = KubeObject & {
  spec: { token: string };
  status?: { authenticated?: boolean; user?: Caller };
};
const TokenReview = labKind<TokenReview>("authentication.k8s.io", "TokenReview", {
  namespaced: false,
});

type AccessReview = KubeObject & { spec: object; status?: { allowed?: boolean } };
const SubjectAccessReview = labKind<AccessReview>("authorization.k8s.io", "SubjectAccessReview", {
  namespaced: false,
});

type Attributes = {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
};

/** What the token endpoint gives to those who sign in with nothing. */
export const anonymousToken = "anonymous";
const anonymous: Caller = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/** What one request's sender may do; each question goes to the cluster, so that what was revoked is refused. */
export class RegistryAccess {
  readonly #cluster: Cluster;
  readonly #caller: Caller;

  private constructor(cluster: Cluster, caller: Caller) {
    this.#cluster = cluster;
    this.#caller = caller;
  }

  /** Knows a request's sender by a bearer token, or by a password that is one, whatever the user name. */
  static async of(cluster: Cluster, request: RegistryRequest): Promise<RegistryAccess> {
    const token = tokenIn(request);
    if (token === undefined) throw unauthorized(request, "Sign in with a token of the cluster.");
    if (token === anonymousToken) return new RegistryAccess(cluster, anonymous);
    const metadata = {};
    const review = await cluster.create(TokenReview, {
      ...typeOf(TokenReview),
      metadata,
      spec: { token },
    });
    const user = review.status?.authenticated === true ? review.status.user : undefined;
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
    if (this.#caller === anonymous) return unauthorized(request, `Sign in to ${what}.`);
    return new RegistryError("DENIED", `${this.#caller.username} may not ${what}.`);
  }

  async #may(attributes: Attributes): Promise<boolean> {
    const { username: user, uid, groups, extra } = this.#caller;
    const resourceAttributes = { group: "image.openshift.io", ...attributes };
    const review = await this.#cluster.create(SubjectAccessReview, {
      ...typeOf(SubjectAccessReview),
      metadata: {},
      spec: { user, uid, groups, extra, resourceAttributes },
    });
    return review.status?.allowed === true;
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
