import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "../../lab.ts";
import { runningLab } from "../../testing/running-lab.ts";
import type { RunningLab } from "../../testing/running-lab.ts";

const execute = promisify(execFile);

/** What a program said and how long it took; `error` is what it said when it failed. */
export type Outcome = { readonly text: string; readonly error?: string; readonly ms: number };

/** A lab as people outside of it see it: with programs we did not write. */
export type Outside = RunningLab & {
  /** As the administrator of `source`. */
  kubectl(...args: readonly string[]): Promise<Outcome>;
  /** On a repository in the lab's object store; one try only. */
  restic(...args: readonly string[]): Promise<Outcome>;
};

export async function outside(options: Parameters<typeof runningLab>[0] = {}): Promise<Outside> {
  const running = await runningLab(options);
  const home = await mkdtemp(join(tmpdir(), "drover-faults-"));
  const { lab } = running;
  return {
    ...running,
    kubectl: (...args) =>
      run("kubectl", ["--kubeconfig", lab.kubeconfigPath, "--context", "source", ...args], {
        HOME: home,
      }),
    restic: (...args) => run("restic", [...args, "--no-lock"], resticEnv(lab, home)),
    async close() {
      await running.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** kubectl that goes on until the server ends it. */
export function startKubectl(
  { lab }: Pick<RunningLab, "lab">,
  args: readonly string[],
): { text(): string; readonly ended: Promise<unknown> } {
  const own = ["--kubeconfig", lab.kubeconfigPath, "--context", "source"];
  const child = spawn("kubectl", [...own, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env["PATH"], HOME: lab.layout.cluster("source").dir },
  });
  let text = "";
  child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
  return { text: () => text, ended: once(child, "close") };
}

function resticEnv({ objectStore }: Lab, home: string): Record<string, string> {
  return {
    HOME: home,
    RESTIC_REPOSITORY: `s3:${objectStore.url}/${objectStore.bucket}/outside`,
    RESTIC_PASSWORD: "password",
    AWS_ACCESS_KEY_ID: objectStore.accessKey,
    AWS_SECRET_ACCESS_KEY: objectStore.secretKey,
  };
}

/** Ends the program after a while: some wait for ever for those who do not answer. */
export async function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  timeoutMs = 5_000,
): Promise<Outcome> {
  const begin = performance.now();
  const elapsed = (): number => performance.now() - begin;
  try {
    const own = { PATH: process.env["PATH"] ?? "", ...env };
    const { stdout } = await execute(file, args, { env: own, timeout: timeoutMs });
    return { text: stdout, ms: elapsed() };
  } catch (error) {
    const { stdout = "", stderr = "", killed } = error as Partial<Failure>;
    const words = killed === true ? `${file} was ended after ${timeoutMs} ms. ${stderr}` : stderr;
    return { text: stdout, error: words === "" ? String(error) : words, ms: elapsed() };
  }
}

type Failure = { readonly stdout: string; readonly stderr: string; readonly killed: boolean };
