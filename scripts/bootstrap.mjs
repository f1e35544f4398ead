// Brings the Node and pnpm this repository is built with, and goes on with them. Runs on Node 20.19 with npm alone,
// so it is plain JavaScript and imports nothing but Node itself.
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_VERSION = "24.21.0";
const PNPM_VERSION = "10.34.9";

const root = fileURLToPath(new URL("..", import.meta.url));
const toolchain = join(root, ".toolchain");
const toolchainBin = join(toolchain, "node_modules", ".bin");

/** Runs a script of this folder with the right Node and pnpm on PATH, and ends as it ends. */
export function runWithToolchain(script) {
  refuseReadOnlyFolder();
  const needsNode = Number(process.versions.node.split(".")[0]) < 24;
  const needsPnpm = !isOurPnpm(outputOf("pnpm", ["--version"]));
  const node = needsNode ? join(toolchainBin, "node") : process.execPath;
  const missing = [
    ...(needsNode && !isNode24(node) ? [`node@${NODE_VERSION}`] : []),
    ...(needsPnpm && !isOurPnpm(toolchainPnpm()) ? [`pnpm@${PNPM_VERSION}`] : []),
  ];
  if (missing.length > 0) install(missing);
  const first = [...(needsNode || needsPnpm ? [toolchainBin] : []), dirname(node)];
  const path = [...first, process.env.PATH].join(delimiter);
  goOn(node, [join(root, "scripts", script), ...process.argv.slice(2)], path);
}

function refuseReadOnlyFolder() {
  const probe = join(root, `.write-probe-${process.pid}`);
  try {
    accessSync(root, constants.W_OK);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    stop(
      `Drover keeps its dependencies, builds and state below ${root}, and cannot write there (${error.code}). Copy the folder to a place you may write to, or mend its permissions.`,
    );
  }
}

function toolchainPnpm() {
  const pnpm = join(toolchain, "node_modules", "pnpm", "bin", "pnpm.cjs");
  return existsSync(pnpm) ? outputOf(process.execPath, [pnpm, "--version"]) : "";
}

// Other majors read the lockfile and the build settings differently.
function isOurPnpm(version) {
  return version.startsWith(`${PNPM_VERSION.split(".")[0]}.`);
}

function isNode24(node) {
  return outputOf(node, ["--version"]).startsWith("v24.");
}

function outputOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", cwd: root });
  return status === 0 ? stdout.trim() : "";
}

function install(packages) {
  console.log(`Fetching ${packages.join(" and ")} into .toolchain (once).`);
  mkdirSync(toolchain, { recursive: true });
  // A package.json of its own keeps npm from walking up to ours.
  const manifest = join(toolchain, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const args = ["install", "--prefix", toolchain, "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync("npm", [...args, ...packages], { stdio: "inherit" });
  if (error) stop(`npm cannot be run (${error.code}). It comes with Node: is it on PATH?`);
  if (status !== 0)
    stop(
      `npm could not install ${packages.join(" and ")} (exit code ${status}); its message is above. Is the npm registry reachable (npm ping)?`,
    );
}

function goOn(node, args, path) {
  // The channel tells the other side when this process is killed without a chance to pass that on.
  const child = spawn(node, args, {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: path, NODE_NO_WARNINGS: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  stopWithNpm(child);
  child.on("error", (error) => stop(`${node} cannot be run: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

// npm that is killed cannot pass it on; then we find ourselves with another parent.
function stopWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, 500);
  watch.unref();
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
