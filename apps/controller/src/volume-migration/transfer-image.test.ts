import { freePort } from "@drover/lab";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTransferCredentials } from "./transfer-credentials.ts";
import type { TransferCredentialPair, TransferCredentials } from "./transfer-credentials.ts";

const entrypoint = fileURLToPath(
  new URL("../../../../deploy/images/transfer/entrypoint.sh", import.meta.url),
);
const options = [
  "--recursive",
  "--links",
  "--perms",
  "--devices",
  "--specials",
  "--times",
  "--owner",
  "--group",
  "--hard-links",
  "--acls",
  "--xattrs",
  "--sparse",
  "--numeric-ids",
  "--delete",
  "--partial",
  "--exclude=/lost+found",
];

type Ended = { code: number | null; output: string };
type Result = { result: string; exitCode: number; [figure: string]: unknown };

let dir: string;
let port: number;
let credentials: TransferCredentialPair;
let running: ChildProcess[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "transfer-"));
  port = await freePort();
  credentials = await createTransferCredentials(new Date());
  running = [];
  for (const end of ["source", "target"])
    await mkdir(join(dir, end, "data", "files"), { recursive: true });
});

afterEach(async () => {
  await Promise.all(running.map((child) => end(child)));
  await rm(dir, { recursive: true, force: true });
});

const source = (path: string) => join(dir, "source/data/files", path);
const target = (path: string) => join(dir, "target/data/files", path);

async function end(
  child: ChildProcess,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, "exit");
  }
  return child.exitCode;
}

async function giveSecrets(root: string, files: TransferCredentials): Promise<void> {
  const mount = join(root, "etc/transfer");
  await mkdir(mount, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(mount, name), text);
}

function start(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn("/bin/sh", [entrypoint, ...args], {
    env: { PATH: process.env["PATH"], TRANSFER_PORT: `${port}`, ...env },
  });
  running.push(child);
  return child;
}

async function startServer(): Promise<ChildProcess> {
  await giveSecrets(join(dir, "target"), credentials.server);
  const env = { ROOT: join(dir, "target"), POD_IP: "127.0.0.1", MODULES: "files" };
  const server = start(["server"], env);
  for (;;) {
    if (server.exitCode !== null) throw new Error(`server ended with ${server.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isUp) return server;
    await delay(20);
  }
}

function startClient(
  mode: string,
  env: Record<string, string> = {},
  extra: string[] = [],
): ChildProcess {
  return start(
    [mode, ...(env["WITHOUT"] ? options.filter((o) => o !== env["WITHOUT"]) : options), ...extra],
    {
      ROOT: join(dir, "source"),
      TRANSFER_HOST: "127.0.0.1",
      MODULE: "files",
      CONNECT_TIMEOUT: "5",
      ...env,
    },
  );
}

async function ended(child: ChildProcess): Promise<Ended> {
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

async function untilSays(child: ChildProcess, words: RegExp): Promise<void> {
  let output = "";
  // Goes on listening: a program nobody listens to any more is killed by that.
  child.stdout?.on("data", (chunk) => (output += String(chunk).replaceAll("\r", "\n")));
  await expect.poll(() => output).toMatch(words);
}

async function run(
  mode: string,
  env: Record<string, string> = {},
  extra: string[] = [],
): Promise<Ended> {
  await giveSecrets(join(dir, "source"), credentials.client);
  return ended(startClient(mode, env, extra));
}

function results(output: string): Result[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("drover-result "))
    .map((line) => JSON.parse(line.slice("drover-result ".length)) as Result);
}

const differences = (output: string) =>
  output.split("\n").filter((line) => line.startsWith("drover-differs "));

/** Files of every sort whose loss would show. */
async function seed(): Promise<void> {
  await mkdir(source("deep/er"), { recursive: true });
  await writeFile(source("a.txt"), "one\n");
  await writeFile(source("deep/er/b with blank.txt"), "two\n");
  await writeFile(source("deep/lost+found"), "a user's own file");
  await chmod(source("a.txt"), 0o4751);
  await link(source("a.txt"), source("deep/hard"));
  await symlink("/etc/passwd", source("deep/soft"));
  await writeFile(source("sparse"), "x");
  await truncate(source("sparse"), 50 * 1024 * 1024);
  await utimes(source("deep"), 1_000_000_000, 1_000_000_000);
}

test("copies every sort of file, keeps what it is, and proves it", async () => {
  await seed();
  await startServer();
  const { code, output } = await run("client", { PROOF: "checksum" });
  expect(results(output)).toMatchObject([
    { result: "copied", exitCode: 0, entries: 9, copiedFiles: 4 },
    { result: "verified", exitCode: 0, proof: "checksum", entries: 9, differences: 0 },
  ]);
  expect(code).toBe(0);
  const copied = await lstat(target("a.txt"));
  expect(copied.mode & 0o7777).toBe(0o4751);
  expect((await lstat(target("deep/hard"))).ino).toBe(copied.ino);
  expect((await lstat(target("deep/soft"))).isSymbolicLink()).toBe(true);
  expect((await lstat(target("deep"))).mtimeMs).toBe(1_000_000_000_000);
  const sparse = await lstat(target("sparse"));
  expect(sparse.size).toBe(50 * 1024 * 1024);
  expect(sparse.blocks * 512).toBeLessThan(1024 * 1024);
  expect(await readFile(target("deep/lost+found"), "utf8")).toBe("a user's own file");
});

test("names each file that differs, and says so with its own exit code", async () => {
  await seed();
  await startServer();
  expect((await run("client")).code).toBe(0);
  const sameSizeAndTime = await lstat(target("deep/er/b with blank.txt"));
  await writeFile(target("deep/er/b with blank.txt"), "ten\n");
  await utimes(target("deep/er/b with blank.txt"), sameSizeAndTime.atime, sameSizeAndTime.mtime);
  await writeFile(target("extra"), "");
  await chmod(target("sparse"), 0o600);

  const bySight = await run("verify");
  expect(bySight.code).toBe(90);
  expect(differences(bySight.output).some((line) => line.endsWith(" extra"))).toBe(true);
  expect(differences(bySight.output).some((line) => line.endsWith(" sparse"))).toBe(true);
  expect(bySight.output).not.toContain("b with blank");
  const byContent = await run("verify", { PROOF: "checksum", MAX_DIFFERENCES: "2" });
  expect(results(byContent.output)).toMatchObject([{ result: "differs", exitCode: 90 }]);
  expect(Number(results(byContent.output)[0]?.["differences"])).toBeGreaterThanOrEqual(3);
  expect(differences(byContent.output)).toHaveLength(2);
  expect(await readFile(target("deep/er/b with blank.txt"), "utf8")).toBe("ten\n");
});

test("leaves the time of the top directory out of account only when told to, and nothing else", async () => {
  await seed();
  await startServer();
  expect((await run("client")).code).toBe(0);
  await utimes(target(""), 1, 1);
  expect((await run("verify")).code).toBe(90);
  expect((await run("verify", { IGNORE_ROOT_TIME: "yes" })).code).toBe(0);
  await utimes(target("deep"), 1, 1);
  const deeper = await run("verify", { IGNORE_ROOT_TIME: "yes" });
  expect(differences(deeper.output)).toEqual(["drover-differs .d..t...... deep/"]);
  await utimes(target("deep"), 1_000_000_000, 1_000_000_000);
  await chmod(target(""), 0o711);
  expect((await run("verify", { IGNORE_ROOT_TIME: "yes" })).code).toBe(90);
});

test("removes on the target what the source no longer has", async () => {
  await writeFile(source("kept"), "");
  await writeFile(target("gone"), "");
  await startServer();
  expect((await run("client", { PROOF: "metadata" })).code).toBe(0);
  await expect(lstat(target("gone"))).rejects.toThrow("ENOENT");
});

test("refuses a client whose certificate another authority issued", async () => {
  await startServer();
  const stranger = await createTransferCredentials(new Date());
  credentials = {
    ...credentials,
    client: {
      ...credentials.client,
      "tls.crt": stranger.client["tls.crt"],
      "tls.key": stranger.client["tls.key"],
    },
  };
  const { code, output } = await run("client", { CONNECT_TIMEOUT: "2" });
  expect(code).not.toBe(0);
  expect(results(output)).toMatchObject([{ result: "failed" }]);
});

test("refuses a server whose certificate another authority issued", async () => {
  await startServer();
  const stranger = await createTransferCredentials(new Date());
  credentials = {
    ...credentials,
    client: { ...credentials.client, "ca.crt": stranger.client["ca.crt"] },
  };
  expect((await run("client", { CONNECT_TIMEOUT: "2" })).code).not.toBe(0);
});

test("refuses a server that shows a client's certificate", async () => {
  credentials = {
    ...credentials,
    server: {
      ...credentials.server,
      "tls.crt": credentials.client["tls.crt"],
      "tls.key": credentials.client["tls.key"],
    },
  };
  await startServer();
  expect((await run("client", { CONNECT_TIMEOUT: "2" })).code).not.toBe(0);
});

test("refuses a wrong password at once, with a sentence", async () => {
  await startServer();
  credentials = { ...credentials, client: { ...credentials.client, password: "guess" } };
  const { code, output } = await run("client", { CONNECT_TIMEOUT: "60" });
  expect(code).toBe(5);
  expect(results(output)).toMatchObject([
    { result: "failed", exitCode: 5, message: expect.stringContaining("password") as unknown },
  ]);
  expect(output).not.toContain(credentials.server.password);
});

test("says that the connection failed when nobody answers", async () => {
  const { code, output } = await run("client", { CONNECT_TIMEOUT: "1" });
  expect(code).not.toBe(0);
  expect(results(output)).toMatchObject([
    { result: "failed", message: expect.stringContaining("network") as unknown },
  ]);
});

test("says that it waits for a server, and copies when that is there", async () => {
  await writeFile(source("file"), "x");
  await giveSecrets(join(dir, "source"), credentials.client);
  const client = startClient("client", { CONNECT_TIMEOUT: "60" });
  await untilSays(client, /^drover-waiting .*127\.0\.0\.1.*network/m);
  const over = ended(client);
  await startServer();
  const { code, output } = await over;
  expect(code).toBe(0);
  expect(results(output)).toMatchObject([{ result: "copied" }]);
});

test("fails with 23 when a file cannot be copied", async () => {
  await writeFile(source("file"), "x");
  // A directory that is not empty stands where the file has to go, and nothing may be deleted.
  await mkdir(target("file/full"), { recursive: true });
  await writeFile(target("file/full/of"), "");
  await startServer();
  const { code, output } = await run("client", { PROOF: "metadata", WITHOUT: "--delete" });
  expect(code).toBe(23);
  expect(results(output)).toMatchObject([{ result: "failed", exitCode: 23 }]);
});

test("resumes a big file that was cut off, and ends with the same bytes", async () => {
  await writeFile(source("big"), Buffer.alloc(24 * 1024 * 1024, "drover"));
  await startServer();
  await giveSecrets(join(dir, "source"), credentials.client);
  const first = startClient("client", {}, ["--bwlimit=1M"]);
  await untilSays(first, /^\s*[\d,]{7,}\s+\d+%/m);
  expect(await end(first)).toBe(143);
  const { code, output } = await run("client", { PROOF: "checksum" });
  expect(code).toBe(0);
  expect(results(output).at(-1)).toMatchObject({ result: "verified", differences: 0 });
  expect((await readFile(target("big"))).equals(await readFile(source("big")))).toBe(true);
});

test("the server ends with success when it is told to end", async () => {
  expect(await end(await startServer())).toBe(0);
});

test("prints progress as lines while it copies", async () => {
  await writeFile(source("big"), Buffer.alloc(8 * 1024 * 1024, 1));
  await startServer();
  const { output } = await run("client", {}, ["--bwlimit=4M"]);
  expect(
    output.split("\n").filter((line) => /^\s*[\d,]+\s+\d+%\s+\S+\/s/.test(line)).length,
  ).toBeGreaterThan(1);
});
