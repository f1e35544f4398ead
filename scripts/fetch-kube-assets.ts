import {
  directoryOf,
  findKubeAssets,
  kubeAssetsCache,
} from "../packages/lab/src/kubeserver/kube-assets.ts";
import { buildFromDebian } from "./debian-kubernetes.ts";
import { fetchEnvtestRelease } from "./envtest-release.ts";
import { killCommands, Refusal } from "./run-command.ts";

/** Progress goes to stderr: what this prints is the directory and nothing else. */
const tell = (line: string): void => console.error(line);

async function main(): Promise<string> {
  const found = findKubeAssets(process.env);
  if (found !== undefined) return directoryOf(found);
  const cache = kubeAssetsCache(process.env);
  const problem = await fetchEnvtestRelease(cache, tell);
  if (problem !== undefined) {
    tell(
      `${problem} Building from Debian's source package instead; this takes some minutes, once.`,
    );
    await buildFromDebian(cache, tell);
  }
  const made = findKubeAssets(process.env);
  if (made === undefined) throw new Refusal(`${cache} holds no kube-apiserver after all.`);
  return directoryOf(made);
}

function interrupt(): void {
  killCommands();
  process.exit(1);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
process.on("disconnect", interrupt);

try {
  console.log(await main());
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}
process.off("disconnect", interrupt);
process.disconnect?.();
