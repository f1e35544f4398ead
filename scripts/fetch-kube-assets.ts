import { killCommands, Refusal } from "./run-command.ts";
import { supplyKubeAssets } from "./supply-kube-assets.ts";

function interrupt(): void {
  killCommands();
  process.exit(1);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
process.on("disconnect", interrupt);

try {
  // Progress goes to stderr: what this prints is the directory and nothing else.
  console.log(await supplyKubeAssets(process.env, (line) => console.error(line)));
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}
process.off("disconnect", interrupt);
process.disconnect?.();
