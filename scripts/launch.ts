import { readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { requireKubeAssets } from "../packages/lab/src/kubeserver/kube-assets.ts";
import { requireFreePorts } from "./free-ports.ts";
import { LOCK_NAME, takeLock, type InstanceLock } from "./instance-lock.ts";
import { buildConsole, generateDatabaseClient, installDependencies } from "./prepare.ts";
import { killCommands, Refusal } from "./run-command.ts";
import { settingsFrom, type Settings } from "./settings.ts";
import { Supervisor } from "./supervisor.ts";
import { LAB_TOOLS, requireTools } from "./system-tools.ts";

const HELP = `npm start            sets up and runs Drover until Ctrl-C
npm start -- --reset  the same, from an empty state directory
npm start -- --apiserver=kube
                      the same, with the lab's clusters on a real kube-apiserver (npm run kube-assets gets one)
npm start -- --scale  the same, and fills the lab's cluster source with 10,000 namespaces, 30,000 pods and 2,000 claims

DROVER_PORT (3000), DROVER_CONTROLLER_PORT (3001), DROVER_LAB_HOST_PORT (6443), DROVER_LAB_SOURCE_PORT (6444),
DROVER_LAB_EDGE_PORT (6445), DROVER_LAB_OAUTH_PORT (6480), DROVER_LAB_S3_PORT (9000)
DROVER_STATE_DIR (.drover)   where everything is kept
DROVER_KUBECONFIG            a real cluster; then no lab is started
DROVER_VERBOSE=1             shows every log line of every process`;

/** What a --reset may find in a state directory; anything else says that it is none. */
const OURS = new Set([LOCK_NAME, "kubeconfig", "lab", "db", "logs"]);

const startedAt = performance.now();

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.isHelp) {
    console.log(HELP);
    return;
  }
  const settings = settingsFrom(process.env);
  // Every process gets our environment; the lab reads this.
  if (flags.isScaled) process.env["DROVER_LAB_SCALE"] = "1";
  if (flags.isOnKube) process.env["DROVER_LAB_APISERVER"] = "kube";
  if (settings.hasLab) requireApiServer(process.env);
  const lock = await takeLock(settings.stateDir, settings.url);
  const supervisor = new Supervisor(settings, (pids) => lock.rememberChildren(pids));
  stopOnSignals(supervisor, lock);
  try {
    if (flags.isReset) reset(settings.stateDir);
    await requireFreePorts(settings.ports);
    if (settings.hasLab) await requireTools(LAB_TOOLS);
    await installDependencies();
    await Promise.all([generateDatabaseClient(), buildConsole()]);
    await supervisor.start();
    if (!isStopping) console.log(greeting(settings));
  } catch (error) {
    if (isStopping) return;
    isStopping = true;
    killCommands();
    await supervisor.stop();
    lock.release();
    throw error;
  }
}

/** Says that there is no kube-apiserver before anything is half started. */
function requireApiServer(env: NodeJS.ProcessEnv): void {
  if (env["DROVER_LAB_APISERVER"] !== "kube") return;
  try {
    requireKubeAssets(env);
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

type Flags = {
  readonly isReset: boolean;
  readonly isScaled: boolean;
  readonly isOnKube: boolean;
  readonly isHelp: boolean;
};

const ON_KUBE = "--apiserver=kube";
const KNOWN = new Set(["--reset", "--scale", ON_KUBE, "--help", "-h"]);

function parseFlags(args: readonly string[]): Flags {
  const unknown = args.find((arg) => !KNOWN.has(arg));
  if (unknown !== undefined) throw new Refusal(`npm start does not know "${unknown}".\n\n${HELP}`);
  return {
    isReset: args.includes("--reset"),
    isScaled: args.includes("--scale"),
    isOnKube: args.includes(ON_KUBE),
    isHelp: args.includes("--help") || args.includes("-h"),
  };
}

let isStopping = false;

function stopOnSignals(supervisor: Supervisor, lock: InstanceLock): void {
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    console.log("Stopping …");
    killCommands();
    await supervisor.stop();
    lock.release();
    console.log("Stopped.");
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => void stop());
  // The wrapper that brought the right Node was killed.
  process.on("disconnect", () => void stop());
}

function reset(stateDir: string): void {
  const entries = readdirSync(stateDir).filter((name) => name !== LOCK_NAME);
  if (entries.length > 0 && !entries.some((name) => OURS.has(name)))
    throw new Refusal(`${stateDir} holds nothing of Drover's, so --reset leaves it alone.`);
  for (const name of entries) rmSync(join(stateDir, name), { recursive: true, force: true });
}

function greeting({ stateDir, hasLab, url }: Settings): string {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const near = relative(process.cwd(), stateDir);
  const state = near.startsWith("..") ? stateDir : near;
  const lab = [
    "  Sign in     admin / admin  may do everything",
    "              dev / dev      may look, not touch",
    `  kubectl     export KUBECONFIG=${join(stateDir, "kubeconfig")}`,
    "              contexts host, source, edge; host-dev and source-dev act as dev",
    `  Volumes     ${join(state, "lab")}/<cluster>/volumes/`,
  ];
  return [
    "",
    `Drover is ready after ${seconds} s: ${url}`,
    ...(hasLab ? lab : []),
    `  Logs        ${join(state, "logs")}/`,
    "  Ctrl-C stops everything; npm start goes on where it was, npm start -- --reset begins afresh.",
    "",
  ].join("\n");
}

main().catch((error: unknown) => {
  console.error(error instanceof Refusal ? error.message : error);
  process.exit(1);
});
