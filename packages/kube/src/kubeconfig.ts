import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ClusterConnection } from "./cluster.ts";
import { KubeError } from "./kube-error.ts";
import { execToken } from "./exec-token.ts";
import {
  parseKubeconfigFile,
  type ClusterEntry,
  type ContextEntry,
  type UserEntry,
} from "./kubeconfig-file.ts";

/** A context of a kubeconfig, ready for `connect`. */
export type KubeconfigCluster = {
  readonly context: string;
  readonly isCurrent: boolean;
  readonly namespace?: string;
  readonly connection: ClusterConnection;
};

export type KubeconfigOptions = {
  /** Only this context; its absence is an error. */
  readonly context?: string;
  /** Where relative paths in the file start; the working directory when absent. */
  readonly directory?: string;
};

/** The clusters of a kubeconfig we trust: files it names are read, credential plugins it names are run. */
export function clustersFromKubeconfig(
  text: string,
  options: KubeconfigOptions = {},
): KubeconfigCluster[] {
  const wanted = parseKubeconfigFile(text).filter(
    (entry) => options.context === undefined || entry.context === options.context,
  );
  if (wanted.length === 0 && options.context !== undefined)
    throw refused(`The kubeconfig has no context named "${options.context}".`);
  const read: ReadText = (path) => readFileSync(resolve(options.directory ?? ".", path), "utf8");
  return wanted.map((entry) => toCluster(entry, trustedConnection(text, entry, read)));
}

/** The connection of one context, the file's current one when none is named. */
export function connectionFromKubeconfig(
  text: string,
  options: KubeconfigOptions = {},
): ClusterConnection {
  const clusters = clustersFromKubeconfig(text, options);
  const chosen = clusters.find((cluster) => options.context !== undefined || cluster.isCurrent);
  if (chosen === undefined)
    throw refused("The kubeconfig names no current context; say which one to use.");
  return chosen.connection;
}

/** What an uploaded kubeconfig offers, and why some of its contexts cannot be used. */
export type UploadedKubeconfig = {
  readonly clusters: readonly KubeconfigCluster[];
  readonly refused: readonly { readonly context: string; readonly problem: string }[];
};

/**
 * Reads a kubeconfig somebody sent us as hostile input: nothing it names is run, no file it names is read, and only
 * https addresses are taken.
 */
export function parseUploadedKubeconfig(text: string): UploadedKubeconfig {
  const entries = parseKubeconfigFile(text).map((entry) => ({
    entry,
    problem: hostileProblem(entry),
  }));
  return {
    clusters: entries
      .filter(({ problem }) => problem === undefined)
      .map(({ entry }) => toCluster(entry, inlineConnection(entry))),
    refused: entries.flatMap(({ entry, problem }) =>
      problem === undefined ? [] : [{ context: entry.context, problem }],
    ),
  };
}

const FILE_FIELDS: readonly (keyof UserEntry)[] = ["tokenFile", "client-certificate", "client-key"];

function hostileProblem({ cluster, user }: ContextEntry): string | undefined {
  const file = FILE_FIELDS.find((field) => user[field] !== undefined);
  if (user.exec !== undefined)
    return "It runs a program to sign in (exec), which is not done with uploaded files. Use a service account's token.";
  if (user["auth-provider"] !== undefined)
    return "It signs in through an auth-provider, which is not done with uploaded files. Use a service account's token.";
  if (cluster["certificate-authority"] !== undefined || file !== undefined)
    return `It names a file on the machine it comes from (${file ?? "certificate-authority"}). Put the content in (kubectl config view --raw --flatten).`;
  if (!isHttps(cluster.server)) return "Its server address is not https.";
  return unsupportedProblem(cluster, user);
}

function unsupportedProblem(cluster: ClusterEntry, user: UserEntry): string | undefined {
  if (cluster["proxy-url"] !== undefined)
    return "It goes through a proxy-url, which is not supported.";
  if (user.as !== undefined) return "It impersonates another user (as), which is not supported.";
  if (user.username !== undefined || user.password !== undefined)
    return "It signs in with user and password, which API servers no longer accept.";
  return undefined;
}

function isHttps(server: string): boolean {
  return URL.canParse(server) && new URL(server).protocol === "https:";
}

type ReadText = (path: string) => string;

function trustedConnection(text: string, entry: ContextEntry, read: ReadText): ClusterConnection {
  const problem = unsupportedProblem(entry.cluster, entry.user);
  if (problem !== undefined) throw refused(`Context "${entry.context}": ${problem}`);
  const { cluster, user } = entry;
  const ca = cluster["certificate-authority"];
  const cert = user["client-certificate"];
  const key = user["client-key"];
  const path = user.tokenFile;
  const needsPlugin = user.exec !== undefined || user["auth-provider"] !== undefined;
  return {
    ...(ca === undefined ? {} : { caPem: read(ca) }),
    ...(cert === undefined ? {} : { clientCertPem: read(cert) }),
    ...(key === undefined ? {} : { clientKeyPem: read(key) }),
    ...inlineConnection(entry),
    ...(needsPlugin ? { readToken: execToken(text, entry.context) } : {}),
    ...(path === undefined ? {} : { readToken: tokenFromFile(path) }),
  };
}

function inlineConnection({ cluster, user }: ContextEntry): ClusterConnection {
  const ca = cluster["certificate-authority-data"];
  const cert = user["client-certificate-data"];
  const key = user["client-key-data"];
  return {
    url: cluster.server,
    ...(cluster["insecure-skip-tls-verify"] === true ? { insecure: true } : {}),
    ...(cluster["tls-server-name"] === undefined ? {} : { serverName: cluster["tls-server-name"] }),
    ...(ca === undefined ? {} : { caPem: decoded(ca) }),
    ...(cert === undefined ? {} : { clientCertPem: decoded(cert) }),
    ...(key === undefined ? {} : { clientKeyPem: decoded(key) }),
    ...(user.token === undefined ? {} : { token: user.token.trim() }),
  };
}

const SERVICE_ACCOUNT_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

export type InClusterPlace = {
  /** KUBERNETES_SERVICE_HOST of the pod. */
  readonly host?: string | undefined;
  /** KUBERNETES_SERVICE_PORT of the pod. */
  readonly port?: string | undefined;
  readonly directory?: string;
};

/** The connection Kubernetes gives a pod; undefined outside of one. The token is read anew as the kubelet renews it. */
export function inClusterConnection(place: InClusterPlace): ClusterConnection | undefined {
  const { host, port = "443", directory = SERVICE_ACCOUNT_DIRECTORY } = place;
  if (!host) return undefined;
  return {
    url: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    caPem: readFileSync(`${directory}/ca.crt`, "utf8"),
    readToken: tokenFromFile(`${directory}/token`),
  };
}

const TOKEN_AGE_MS = 60_000;

function tokenFromFile(path: string): () => Promise<string> {
  let token = "";
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - readAt > TOKEN_AGE_MS) {
      token = (await readFile(path, "utf8")).trim();
      readAt = performance.now();
    }
    return token;
  };
}

function toCluster(entry: ContextEntry, connection: ClusterConnection): KubeconfigCluster {
  const { context, isCurrent, namespace } = entry;
  return { context, isCurrent, connection, ...(namespace === undefined ? {} : { namespace }) };
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

function refused(message: string): KubeError {
  return new KubeError({ code: 400, reason: "BadRequest", message });
}
