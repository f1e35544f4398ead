import { OAuthAccessToken, User } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { ExtraRequest, ExtraRoute } from "../../apiserver/api-server-options.ts";
import { storedName, tokenNameFromStored } from "../oauth/access-tokens.ts";
import { answering, methodNotAllowed, Refused, sendObject, sendSuccess } from "./status-answer.ts";

type ClusterOf = () => Cluster;

const virtualGroups = /^system:(authenticated|unauthenticated)(:|$)/;

/** `users/~`: whoever asks. Someone without a User object is shown by what the server knows of them, as OpenShift does. */
function userRoute(clusterOf: ClusterOf): ExtraRoute {
  return {
    prefix: "/apis/user.openshift.io/v1/users/~",
    access: "authenticated",
    handle: answering(async (request) => {
      if (request.incoming.method !== "GET") throw methodNotAllowed(request);
      const { username, uid, groups } = request.user;
      const known = /^[^/:]+$/.test(username)
        ? await clusterOf().find(User, { name: username })
        : undefined;
      sendObject(request, {
        apiVersion: "user.openshift.io/v1",
        kind: "User",
        metadata: { name: username, ...(uid === undefined ? {} : { uid }), ...known?.metadata },
        ...(known?.fullName === undefined ? {} : { fullName: known.fullName }),
        identities: known?.identities ?? null,
        groups: known === undefined ? groups : groups.filter((name) => !virtualGroups.test(name)),
      });
    }),
  };
}

const tokensPath = "/apis/oauth.openshift.io/v1/useroauthaccesstokens";

function asUsers(token: OAuthAccessToken): object {
  const name = tokenNameFromStored(token.metadata.name ?? "");
  return { ...token, kind: "UserOAuthAccessToken", metadata: { ...token.metadata, name } };
}

async function ownToken(
  cluster: Cluster,
  request: ExtraRequest,
  name: string,
): Promise<OAuthAccessToken> {
  const stored = storedName(name);
  const token = stored && (await cluster.find(OAuthAccessToken, { name: stored }));
  // Someone else's token is answered like none: its existence is nobody's business.
  if (token && token.userName === request.user.username) return token;
  throw new Refused(
    404,
    "NotFound",
    `useroauthaccesstokens.oauth.openshift.io "${name}" not found`,
  );
}

async function answerTokens(cluster: Cluster, request: ExtraRequest): Promise<void> {
  const { method } = request.incoming;
  const name = decodeURIComponent(request.url.pathname.slice(tokensPath.length + 1));
  if (name === "") {
    if (method !== "GET" || request.url.searchParams.has("watch")) throw methodNotAllowed(request);
    const tokens = await cluster.list(OAuthAccessToken);
    const own = tokens.filter(({ userName }) => userName === request.user.username);
    sendObject(request, {
      apiVersion: "oauth.openshift.io/v1",
      kind: "UserOAuthAccessTokenList",
      metadata: {},
      items: own.map(asUsers),
    });
    return;
  }
  const token = await ownToken(cluster, request, name);
  if (method === "GET") sendObject(request, asUsers(token));
  else if (method === "DELETE") {
    await cluster.delete(OAuthAccessToken, { name: token.metadata.name ?? "" });
    sendSuccess(request, { name, group: "oauth.openshift.io", kind: "useroauthaccesstokens" });
  } else throw methodNotAllowed(request);
}

/** The tokens of whoever asks: to read, and to sign out by deleting. */
function tokenRoute(clusterOf: ClusterOf): ExtraRoute {
  return {
    prefix: tokensPath,
    access: "authenticated",
    handle: answering((request) => answerTokens(clusterOf(), request)),
  };
}

export function userRoutes(clusterOf: ClusterOf): ExtraRoute[] {
  return [userRoute(clusterOf), tokenRoute(clusterOf)];
}
