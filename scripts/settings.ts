import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Refusal, root } from "./run-command.ts";

export type Port = { readonly port: number; readonly variable: string; readonly purpose: string };

export type Settings = {
  readonly stateDir: string;
  /** False when a real cluster is named; then no lab is started. */
  readonly hasLab: boolean;
  readonly url: string;
  readonly ports: readonly Port[];
};

type Environment = Readonly<Record<string, string | undefined>>;

const SERVICE_PORTS = [
  { variable: "DROVER_PORT", fallback: 3000, purpose: "console and API" },
  { variable: "DROVER_CONTROLLER_PORT", fallback: 3001, purpose: "the controller's health" },
];

const LAB_PORTS = [
  { variable: "DROVER_LAB_HOST_PORT", fallback: 6443, purpose: "lab cluster host" },
  { variable: "DROVER_LAB_SOURCE_PORT", fallback: 6444, purpose: "lab cluster source" },
  { variable: "DROVER_LAB_EDGE_PORT", fallback: 6445, purpose: "lab cluster edge" },
  { variable: "DROVER_LAB_OAUTH_PORT", fallback: 6480, purpose: "the lab's sign-in page" },
  { variable: "DROVER_LAB_S3_PORT", fallback: 9000, purpose: "the lab's object store" },
];

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** What the environment says about this start. */
export function settingsFrom(env: Environment): Settings {
  const isInCluster = Boolean(env["KUBERNETES_SERVICE_HOST"]) && existsSync(SERVICE_ACCOUNT);
  const hasLab = !env["DROVER_KUBECONFIG"] && !isInCluster;
  const ports = [...SERVICE_PORTS, ...(hasLab ? LAB_PORTS : [])].map(
    ({ variable, fallback, purpose }): Port => ({
      variable,
      purpose,
      port: portFrom(variable, env[variable], fallback),
    }),
  );
  refuseTwins(ports);
  return {
    stateDir: resolve(root, env["DROVER_STATE_DIR"] || join(root, ".drover")),
    hasLab,
    url: env["DROVER_PUBLIC_URL"] ?? `http://localhost:${ports[0]?.port}`,
    ports,
  };
}

/** The ports as the environment variables the processes read. */
export function portVariables(settings: Settings): Record<string, string> {
  return Object.fromEntries(settings.ports.map(({ variable, port }) => [variable, String(port)]));
}

function portFrom(variable: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Refusal(`${variable} is "${text}", but a port is a number from 1 to 65535.`);
}

function refuseTwins(ports: readonly Port[]): void {
  for (const [index, one] of ports.entries()) {
    const twin = ports.slice(index + 1).find(({ port }) => port === one.port);
    if (twin !== undefined)
      throw new Refusal(`${one.variable} and ${twin.variable} both say ${one.port}.`);
  }
}
