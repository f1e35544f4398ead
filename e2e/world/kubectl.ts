import { execFile, type ExecFileException } from "node:child_process";
import { kubeconfigPath, type ClusterName } from "./clusters.ts";

export type Answer = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs kubectl as a person would, against a cluster of the lab; never throws for a refusal. */
export function tryKubectl(
  context: ClusterName | "host-dev" | "source-dev",
  args: readonly string[],
  input = "",
): Promise<Answer> {
  const all = ["--kubeconfig", kubeconfigPath(), "--context", context, ...args];
  return new Promise((resolve) => {
    const child = execFile("kubectl", all, { timeout: 200_000 }, (error, stdout, stderr) => {
      resolve({ code: codeOf(error), stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

function codeOf(error: ExecFileException | null): number {
  if (error === null) return 0;
  return typeof error.code === "number" ? error.code : 1;
}

/** Like `tryKubectl`, for what has to work; returns what kubectl printed. */
export async function kubectl(
  context: ClusterName,
  args: readonly string[],
  input = "",
): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl(context, args, input);
  if (code !== 0)
    throw new Error(`kubectl ${args.join(" ")} ended with ${String(code)}: ${stderr}`);
  return stdout.trim();
}

/** Applies a manifest written as YAML. */
export function apply(context: ClusterName, manifest: string): Promise<string> {
  return kubectl(context, ["apply", "-f", "-"], manifest);
}
