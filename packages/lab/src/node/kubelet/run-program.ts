import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerLog } from "../container-log.ts";
import { podDirVariable, runChild } from "../child.ts";
import { nameOf, namespaceOf, uidOf } from "../kinds/lab-kind.ts";
import type { Container, Pod } from "../kinds/pod.ts";
import type { LabNetwork } from "../lab-network.ts";
import type { PodContext, Program } from "../program.ts";
import type { ContainerRoot } from "./container-root.ts";
import { expand } from "./pod-env.ts";

export type ProgramRun = {
  readonly cluster: string;
  readonly pod: Pod;
  readonly container: Container;
  readonly podIP: string;
  readonly podDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly root: ContainerRoot;
  readonly log: ContainerLog;
  readonly resolve: LabNetwork["resolve"];
  readonly signal: AbortSignal;
  readonly killed: AbortSignal;
};

const killedCode = 137;
/** How long a killed program has to notice before it is left behind. */
const abandonAfterMs = 2_000;

/** Runs a program to its end and gives its exit code; one that does not end when killed is left behind with 137. */
export async function runProgram(program: Program, run: ProgramRun): Promise<number> {
  const ending = new AbortController();
  const finished = (async () => program(contextOf(run)))().catch((error: unknown) => {
    run.log.line(error instanceof Error ? error.message : String(error));
    return 1;
  });
  try {
    const code = await Promise.race([finished, abandoned(run.killed, ending.signal)]);
    return run.killed.aborted ? killedCode : code;
  } finally {
    ending.abort();
  }
}

async function abandoned(killed: AbortSignal, ending: AbortSignal): Promise<number> {
  await new Promise<void>((resolve) => {
    if (killed.aborted) resolve();
    killed.addEventListener("abort", () => resolve(), { once: true, signal: ending });
  });
  await sleep(abandonAfterMs, undefined, { signal: ending }).catch(() => undefined);
  return killedCode;
}

function contextOf(run: ProgramRun): PodContext {
  const { pod, container, root, log, env, signal, killed } = run;
  const inRoot = (path: string): string => root.path(path);
  return {
    cluster: run.cluster,
    namespace: namespaceOf(pod),
    name: nameOf(pod),
    uid: uidOf(pod),
    container: container.name,
    image: container.image,
    podIP: run.podIP,
    labels: pod.metadata.labels ?? {},
    command: (container.command ?? []).map((part) => expand(part, env)),
    args: (container.args ?? []).map((part) => expand(part, env)),
    env,
    rootDir: root.rootDir,
    mounts: root.mounts,
    resolve: (host, port) => run.resolve(host, port),
    path: inRoot,
    stdout: log.stdout,
    stderr: log.stderr,
    log: (line) => log.line(line),
    signal,
    killed,
    run: (file, args, options = {}) =>
      runChild({
        file,
        args,
        cwd: options.cwd ?? inRoot(container.workingDir ?? "/"),
        env: {
          HOME: root.rootDir,
          ...env,
          ...options.env,
          [podDirVariable]: run.podDir,
        },
        ...(options.input === undefined ? {} : { input: options.input }),
        stdout: log.stdout,
        stderr: log.stderr,
        signal,
        killed,
      }),
  };
}
