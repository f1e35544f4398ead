import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join, resolve } from "node:path";
import type { ClusterConnection } from "@drover/kube";
import { inClusterConnection, parseKubeconfig } from "./host/kubeconfig.ts";

export type OAuthClient = { readonly clientId: string; readonly clientSecret: string };

export type Config = {
  readonly address: string;
  readonly port: number;
  /** Serves metrics on loopback when set. */
  readonly metricsPort: number | undefined;
  readonly publicUrl: URL;
  readonly stateDir: string;
  readonly consoleDir: string;
  readonly databaseUrl: string | undefined;
  /** 32 bytes in base64; a key file in the state directory is used when absent. */
  readonly secretKey: string | undefined;
  /** The api's own identity on the host cluster. */
  readonly host: ClusterConnection;
  readonly namespace: string;
  /** Where Secrets with tokens and keys are kept. */
  readonly configNamespace: string;
  readonly lab: boolean;
  readonly requestsPerMinute: number;
  readonly logLevel: string;
  /** Read at every sign-in, because the lab may write it after the api started. */
  readonly oauthClient: () => OAuthClient;
};

type Environment = Readonly<Record<string, string | undefined>>;

function numberFrom(env: Environment, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number.`);
  return value;
}

export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}

function publicUrlFrom(env: Environment, port: number): URL {
  const url = new URL(env["DROVER_PUBLIC_URL"] ?? `http://localhost:${port}`);
  if (url.protocol !== "https:" && !isLoopback(url.hostname))
    throw new Error(
      `DROVER_PUBLIC_URL is ${url.origin}: outside loopback the console needs https, because the session cookie must not travel in the clear.`,
    );
  return url;
}

type Host = { readonly host: ClusterConnection; readonly lab: boolean };

/** The api's own identity, then the host cluster's kubeconfig, then the lab's, then the pod's service account. */
function hostFrom(env: Environment, stateDir: string): Host {
  const named = env["DROVER_API_KUBECONFIG"] ?? env["DROVER_KUBECONFIG"];
  const ofLab = join(stateDir, "lab", "api.kubeconfig");
  const path = named ?? (existsSync(ofLab) ? ofLab : undefined);
  if (path !== undefined)
    return {
      host: parseKubeconfig(readFileSync(path, "utf8"), path),
      lab: resolve(path) === ofLab,
    };
  const host = inClusterConnection(env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"]);
  if (host !== undefined) return { host, lab: false };
  throw new Error(
    `No host cluster: ${ofLab} does not exist, and neither DROVER_API_KUBECONFIG nor DROVER_KUBECONFIG is set. Start the lab first, or name a kubeconfig.`,
  );
}

/** The lab registers the client `drover` and keeps its secret in its own directory. */
function oauthClientFrom(env: Environment, stateDir: string): OAuthClient {
  const clientId = env["DROVER_OAUTH_CLIENT_ID"] ?? "drover";
  const clientSecret = env["DROVER_OAUTH_CLIENT_SECRET"];
  if (clientSecret !== undefined) return { clientId, clientSecret };
  const path = join(stateDir, "lab", "oauth", "oauth-client-secret");
  if (existsSync(path)) return { clientId, clientSecret: readFileSync(path, "utf8").trim() };
  throw new Error(
    `No OAuth client: set DROVER_OAUTH_CLIENT_ID and DROVER_OAUTH_CLIENT_SECRET, or start the lab, which keeps its secret in ${path}.`,
  );
}

/** Reads everything the process is told from outside; nothing else reads the environment. */
export function configFrom(env: Environment): Config {
  const stateDir = resolve(env["DROVER_STATE_DIR"] ?? ".drover");
  const port = numberFrom(env, "DROVER_PORT", 3000);
  const metricsPort = numberFrom(env, "DROVER_METRICS_PORT", 0);
  return {
    address: env["DROVER_ADDRESS"] ?? "127.0.0.1",
    port,
    metricsPort: metricsPort === 0 ? undefined : metricsPort,
    publicUrl: publicUrlFrom(env, port),
    stateDir,
    consoleDir: resolve(env["DROVER_CONSOLE_DIR"] ?? "apps/console/out"),
    databaseUrl: env["DATABASE_URL"],
    secretKey: env["DROVER_SECRET_KEY"],
    ...hostFrom(env, stateDir),
    namespace: env["DROVER_NAMESPACE"] ?? "openshift-migration",
    configNamespace: env["DROVER_CONFIG_NAMESPACE"] ?? "openshift-config",
    requestsPerMinute: numberFrom(env, "DROVER_REQUESTS_PER_MINUTE", 6000),
    logLevel: env["DROVER_LOG_LEVEL"] ?? "info",
    oauthClient: () => oauthClientFrom(env, stateDir),
  };
}

/** The configuration of this process. */
export function readConfig(): Config {
  return configFrom(process.env);
}
