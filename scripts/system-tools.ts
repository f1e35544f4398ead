import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Refusal, runCommand } from "./run-command.ts";

export type SystemTool = {
  readonly purpose: string;
  /** Any of these on PATH will do. */
  readonly commands: readonly string[];
  readonly debian: string;
  readonly homebrew: string;
  readonly fedora: string;
};

const RSYNC: SystemTool = {
  purpose: "copies volumes",
  commands: ["rsync"],
  debian: "rsync",
  homebrew: "rsync",
  fedora: "rsync",
};
const STUNNEL: SystemTool = {
  purpose: "encrypts the copy",
  commands: ["stunnel", "stunnel4"],
  debian: "stunnel4",
  homebrew: "stunnel",
  fedora: "stunnel",
};
const RESTIC: SystemTool = {
  purpose: "keeps volume backups",
  commands: ["restic"],
  debian: "restic",
  homebrew: "restic",
  fedora: "restic",
};
const CHROMIUM: SystemTool = {
  purpose: "runs the browser tests",
  commands: ["chromium", "chromium-browser", "google-chrome"],
  debian: "chromium",
  homebrew: "chromium",
  fedora: "chromium",
};
const KUBECTL: SystemTool = {
  purpose: "runs the command-line tests",
  commands: ["kubectl"],
  debian: "kubernetes-client",
  homebrew: "kubernetes-cli",
  fedora: "kubernetes-client",
};
const SKOPEO: SystemTool = {
  purpose: "runs the registry tests",
  commands: ["skopeo"],
  debian: "skopeo",
  homebrew: "skopeo",
  fedora: "skopeo",
};

export const LAB_TOOLS = [RSYNC, STUNNEL, RESTIC];
export const TEST_TOOLS = [...LAB_TOOLS, CHROMIUM, KUBECTL, SKOPEO];

/** Sees to it that the tools are there: installs them on Debian as root, names them and the command elsewhere. */
export async function requireTools(tools: readonly SystemTool[]): Promise<void> {
  const missing = tools.filter((tool) => !isPresent(tool));
  if (missing.length === 0) return;
  if (existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) await installWithApt(missing);
  const stillMissing = missing.filter((tool) => !isPresent(tool));
  if (stillMissing.length > 0) throw missingTools(stillMissing);
}

async function installWithApt(tools: readonly SystemTool[]): Promise<void> {
  const packages = tools.map(({ debian }) => debian);
  console.log(`Installing ${packages.join(", ")} with apt-get.`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const args = ["install", "-y", "--no-install-recommends", ...packages];
  const first = await runCommand("apt-get", args, { env });
  if (first.code === 0) return;
  // A fresh machine knows no packages before its first update.
  await runCommand("apt-get", ["update"], { env });
  const second = await runCommand("apt-get", args, { env });
  if (second.code !== 0) console.error(second.output.trim().split("\n").slice(-5).join("\n"));
}

function missingTools(tools: readonly SystemTool[]): Refusal {
  const list = tools.map(({ commands, purpose }) => `  ${commands[0]} (${purpose})`).join("\n");
  return new Refusal(
    `Nothing was started, because this machine lacks:\n${list}\nInstall them with: ${installCommand(tools)}`,
  );
}

function installCommand(tools: readonly SystemTool[]): string {
  if (process.platform === "darwin")
    return `brew install ${tools.map(({ homebrew }) => homebrew).join(" ")}`;
  if (existsSync("/usr/bin/dnf"))
    return `sudo dnf install ${tools.map(({ fedora }) => fedora).join(" ")}`;
  return `sudo apt-get install ${tools.map(({ debian }) => debian).join(" ")}`;
}

function isPresent(tool: SystemTool): boolean {
  return pathOf(tool) !== undefined;
}

/** Where the browser for the tests is. */
export function browserPath(): string | undefined {
  return process.env["CHROMIUM"] ?? pathOf(CHROMIUM);
}

function pathOf(tool: SystemTool): string | undefined {
  // Debian keeps daemons out of a user's PATH.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return tool.commands
    .flatMap((command) => folders.filter(Boolean).map((folder) => join(folder, command)))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
