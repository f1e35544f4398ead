import { createPublicKey } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TokenKeys } from "../apiserver/auth/token-keys.ts";
import type { UserInfo } from "../apiserver/auth/user-info.ts";

/** What a kube-apiserver is told by files. */
export type ServerSecrets = {
  readonly tls: {
    /** What clients verify the server with; also signs client certificates the server accepts. */
    readonly caPem: string;
    readonly certPem: string;
    readonly keyPem: string;
  };
  readonly staticTokens: Readonly<Record<string, UserInfo>>;
  /** Where to ask about tokens that neither file nor key explains; nowhere when absent. */
  readonly tokenReviewUrl?: string;
};

/** Where those files are. */
export type ServerFiles = {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly tokens: string;
  readonly accountKey: string;
  readonly accountPublicKey: string;
  /** The kubeconfig that names the token reviewer. */
  readonly tokenReview?: string;
  /** Signs what `accountKey` signs. */
  readonly keys: TokenKeys;
};

/** Writes what a kube-apiserver reads at its start; the key of service accounts stays the same in a folder. */
export function writeServerFiles(directory: string, secrets: ServerSecrets): ServerFiles {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): string => {
    const file = join(directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const { tls, staticTokens, tokenReviewUrl } = secrets;
  const keys = new TokenKeys(directory);
  const accountKey = join(directory, "service-account.key");
  const publicKey = createPublicKey(readFileSync(accountKey)).export({
    type: "spki",
    format: "pem",
  });
  return {
    ca: write("ca.crt", tls.caPem),
    certificate: write("server.crt", tls.certPem),
    key: write("server.key", tls.keyPem),
    tokens: write("tokens.csv", tokenLines(staticTokens)),
    accountKey,
    accountPublicKey: write("service-account.pub", String(publicKey)),
    ...(tokenReviewUrl === undefined
      ? {}
      : { tokenReview: write("token-review.kubeconfig", reviewKubeconfig(tokenReviewUrl)) }),
    keys,
  };
}

/** `token,user,uid,"group,group"`; the server adds system:authenticated itself. */
function tokenLines(tokens: ServerSecrets["staticTokens"]): string {
  return Object.entries(tokens)
    .map(([token, { username, groups }]) => `${token},${username},${username},"${groups.join()}"\n`)
    .join("");
}

function reviewKubeconfig(server: string): string {
  const name = "token-review";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
