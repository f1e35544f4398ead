import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal, runCommand } from "./run-command.ts";

const VERSION = "1.31.0";
const RELEASES = "https://github.com/kubernetes-sigs/controller-tools/releases/download";

/** SHA-512 of the archives, from the project's own list of releases. */
const ARCHIVES: Readonly<Record<string, string>> = {
  "linux-amd64":
    "5d96ae284610863ce5974e030aecd2eaad693f3210103ca778107aa0ea00f6f1d0a7b1b34aa74d7257cb0d7f713c2da365beba89b1d60823ce56c7b84b935423",
  "linux-arm64":
    "72f5c8fd615c9db62eeb66e30edfda0f3879bffa3577c5776ec83363c018d7f51c174ac5ea807414072a21f8151a7bdf9826f414543f690686550e49db202ca0",
  "darwin-amd64":
    "d681838609a1b0856e731888e0db0a1191003e1021801b5969b7d7084130076b30b2d99e53e460f1c5202b3308354a2118bd4a330d06d97797ef009dd56e256e",
  "darwin-arm64":
    "e42c27e1ee90d13d56189e665d4c79b7a34f637581fc7e20b028a3c16b22b85060760eb91ca79901bc1c22dcd0d66ef41a0f760c2f1ae65265f0576e4109d87d",
};

/** How long the far end may stay silent before the network counts as one that does not have it. */
const PATIENCE_MS = 5_000;

const DOWNLOAD_MS = 10 * 60_000;

/** How the folder of a download under way begins; what a killed one left may be deleted. */
export const DRAFT_PREFIX = "fetching-";

/** Puts the release into the cache; gives back why that cannot be when the network does not have it. */
export async function fetchEnvtestRelease(
  cache: string,
  tell: (line: string) => void,
  { releases = RELEASES, patienceMs = PATIENCE_MS } = {},
): Promise<string | undefined> {
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const wanted = ARCHIVES[platform];
  if (wanted === undefined) return `There is no envtest release for ${platform}.`;
  const name = `envtest-v${VERSION}-${platform}.tar.gz`;
  const url = `${releases}/envtest-v${VERSION}/${name}`;
  const archive = await download(url, patienceMs, () => tell(`Fetching ${name}.`));
  if (typeof archive === "string") return `${name} is out of reach (${archive}).`;
  const actual = createHash("sha512").update(archive).digest("hex");
  if (actual !== wanted)
    throw new Refusal(
      `${url} is not the archive we know: its SHA-512 is ${actual}. Nothing of it was kept.`,
    );
  await unpack(archive, cache);
  return undefined;
}

async function download(
  url: string,
  patienceMs: number,
  onStart: () => void,
): Promise<Buffer | string> {
  const patience = new AbortController();
  const silence = setTimeout(() => patience.abort(new Error("no answer")), patienceMs);
  const signal = AbortSignal.any([patience.signal, AbortSignal.timeout(DOWNLOAD_MS)]);
  try {
    const answer = await fetch(url, { signal });
    if (!answer.ok || answer.body === null) return `HTTP ${answer.status}`;
    onStart();
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) {
      silence.refresh();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return cause instanceof Error ? cause.message : String(cause);
  } finally {
    clearTimeout(silence);
  }
}

async function unpack(archive: Buffer, cache: string): Promise<void> {
  const draft = join(cache, `${DRAFT_PREFIX}${process.pid}`);
  mkdirSync(draft, { recursive: true });
  try {
    const file = join(draft, "archive.tar.gz");
    writeFileSync(file, archive);
    const { code, output } = await runCommand("tar", ["-xzf", file, "-C", draft]);
    if (code !== 0) throw new Refusal(`tar cannot unpack the envtest release: ${output.trim()}`);
    // All at once, so that nobody ever finds half of it.
    rmSync(join(cache, VERSION), { recursive: true, force: true });
    renameSync(join(draft, "controller-tools", "envtest"), join(cache, VERSION));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
