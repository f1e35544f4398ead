import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";

async function tar(args: readonly string[]): Promise<void> {
  const child = spawn("tar", args, { stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr.on("data", (piece: Buffer) => {
    words = (words + piece.toString("utf8")).slice(-1_000);
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`tar ended with ${code}: ${words.trim()}`);
}

/** Packs what is in a directory into a compressed archive. */
export async function packDirectory(directory: string, archive: string): Promise<void> {
  await tar(["--create", "--gzip", "--file", archive, "--directory", directory, "."]);
}

/** Unpacks an archive; tar refuses names that lead out of the directory, and no owners or modes are taken over. */
export async function unpackArchive(archive: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const flags = ["--no-same-owner", "--no-same-permissions", "--no-overwrite-dir"];
  await tar(["--extract", "--gzip", ...flags, "--file", archive, "--directory", directory]);
}
