import { createServer } from "node:net";
import { Refusal } from "./run-command.ts";
import type { Port } from "./settings.ts";

/** Refuses to start when a port is taken, and names for each the variable that changes it. */
export async function requireFreePorts(ports: readonly Port[]): Promise<void> {
  const checked = await Promise.all(
    ports.map(async (port) => ({ port, problem: await portProblem(port.port) })),
  );
  const lines = checked.flatMap(({ port: { port, purpose, variable }, problem }) =>
    problem === undefined ? [] : [`  ${port} (${purpose}) ${problem}; ${variable} chooses another`],
  );
  if (lines.length === 0) return;
  throw new Refusal(
    `Nothing was started, because these ports cannot be used:\n${lines.join("\n")}\nFor example: ${checked.find(({ problem }) => problem)?.port.variable}=${Math.floor(20_000 + Math.random() * 10_000)} npm start`,
  );
}

function portProblem(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(
        error.code === "EADDRINUSE" ? "is taken by another program" : `fails with ${error.code}`,
      );
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
}
