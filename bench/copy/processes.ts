import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Command = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs to the end; fails with the last words of a command that does. */
export async function runToEnd({ command, args, env }: Command): Promise<string> {
  const child = spawn(command, args, { env: { PATH: process.env["PATH"], ...env } });
  let output = "";
  const hear = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000));
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${output.slice(-600)}`);
  return output;
}

/** Processes that serve until the end of a bench. */
export class Servers {
  readonly #children: ChildProcess[] = [];

  /** Resolves once something listens on `port`. */
  async start({ command, args, env }: Command, port: number): Promise<void> {
    const child = spawn(command, args, {
      env: { PATH: process.env["PATH"], ...env },
      stdio: "ignore",
    });
    this.#children.push(child);
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}.`);
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      }),
    );
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isUp = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  });
  socket.destroy();
  return isUp;
}
