import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { withSourcePackages } from "./debian-sources.ts";
import { Refusal, runCommand } from "./run-command.ts";
import { requireTools } from "./system-tools.ts";

const BUILD_TOOLS = [
  { commands: ["dpkg-source"], debian: "dpkg-dev", purpose: "unpacks source packages" },
  { commands: ["make"], debian: "make", purpose: "generates Kubernetes' code" },
].map((tool) => ({ ...tool, homebrew: tool.debian, fedora: tool.debian }));

const REFLECT = "github.com/modern-go/reflect2";
const VALIDATE = "k8s.io/kube-openapi/pkg/validation/validate/type.go";

type Build = {
  readonly work: string;
  readonly tell: (line: string) => void;
  /** Options with which apt-get knows source packages and leaves the machine's own lists alone. */
  readonly apt: readonly string[];
};

/** The folder of a build in the cache; it may be gone on with, or deleted. */
export const WORK_FOLDER = "building";

/** Counts what is done to the source: programs of an older recipe are built anew. */
const RECIPE = "2";
const RECIPE_FILE = "recipe";

/** What a build takes at its height, and something to spare. */
const NEEDED_BYTES = 3 * 2 ** 30;

const HEARTBEAT_MS = 30_000;

/**
 * Builds kube-apiserver and kube-controller-manager from Debian's source package into the cache, with etcd and kubectl.
 * One at a time: two would spoil each other's.
 */
export async function buildFromDebian(cache: string, tell: (line: string) => void): Promise<void> {
  if (!existsSync("/usr/bin/apt-get"))
    throw new Refusal(
      "This machine has neither the envtest release within reach nor apt-get to build from Debian's sources. Put kube-apiserver and etcd into a folder and set KUBEBUILDER_ASSETS to it.",
    );
  await requireTools(BUILD_TOOLS);
  const work = join(cache, WORK_FOLDER);
  makeWork(cache, work);
  const build: Build = { work, tell, apt: aptOptions(work) };
  await step(build, "lists of Debian's packages", fetchLists);
  await step(build, "Go, etcd and kubectl", fetchPrograms);
  await step(build, "source of Kubernetes with its generated code", prepareSource);
  await step(build, "kube-apiserver and kube-controller-manager", compile);
  const finished = join(cache, versionOf(work));
  rmSync(finished, { recursive: true, force: true });
  // All at once, so that nobody ever finds half of it.
  renameSync(join(work, "bin"), finished);
}

/** Whether a folder of the cache holds programs that an older recipe built; the envtest release has no controllers. */
export function isOutdatedBuild(folder: string): boolean {
  return existsSync(join(folder, "kube-controller-manager")) && recipeIn(folder) !== RECIPE;
}

function recipeIn(folder: string): string {
  const file = join(folder, RECIPE_FILE);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function makeWork(cache: string, work: string): void {
  if (existsSync(work) && recipeIn(work) === RECIPE) return;
  rmSync(work, { recursive: true, force: true });
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize < NEEDED_BYTES)
    throw new Refusal(
      `Building a kube-apiserver needs ${gib(NEEDED_BYTES)} GiB for a while, and ${cache} has ${gib(bavail * bsize)}. Make room, or choose another folder with DROVER_KUBE_ASSETS_DIR.`,
    );
  mkdirSync(work);
  writeFileSync(join(work, RECIPE_FILE), RECIPE);
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

/** A build that was interrupted goes on with the step it was at, from the beginning of that step. */
async function step(
  build: Build,
  name: string,
  run: (build: Build) => Promise<void>,
): Promise<void> {
  const stamp = join(build.work, `${run.name}.done`);
  if (existsSync(stamp)) return;
  const startedAt = performance.now();
  const elapsed = (): string => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
  const heartbeat = setInterval(() => build.tell(`${name}: ${elapsed()} so far`), HEARTBEAT_MS);
  try {
    await run(build);
  } finally {
    clearInterval(heartbeat);
  }
  writeFileSync(stamp, "");
  build.tell(`${name}: ${elapsed()}`);
}

function aptOptions(work: string): readonly string[] {
  const settings = {
    "Dir::Etc::SourceList": "/dev/null",
    "Dir::Etc::SourceParts": join(work, "sources"),
    "Dir::State::Lists": join(work, "lists"),
    "Dir::Cache": join(work, "cache"),
    // Its own user could not write here.
    "APT::Sandbox::User": "root",
    "Debug::NoLocking": "1",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

async function fetchLists({ work, apt }: Build): Promise<void> {
  const release = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  if (release === undefined) throw new Refusal("/etc/os-release does not name a Debian release.");
  for (const folder of ["sources", "lists/partial", "cache/archives/partial", "root"])
    mkdirSync(join(work, folder), { recursive: true });
  const parts = "/etc/apt/sources.list.d";
  const files = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  for (const [index, name] of ["/etc/apt/sources.list", ...files].entries()) {
    if (!/\.(list|sources)$/.test(name) || !existsSync(name)) continue;
    const text = withSourcePackages({ name, text: readFileSync(name, "utf8") }, release);
    const extension = name.slice(name.lastIndexOf("."));
    if (text !== "") writeFileSync(join(work, "sources", `${index}${extension}`), text);
  }
  await run("apt-get", [...apt, "update"], { cwd: work });
}

async function fetchPrograms({ work, apt }: Build): Promise<void> {
  const { output } = await runCommand("apt-cache", [...apt, "depends", "golang-go"]);
  const go = /golang-[\d.]+(?=-go)/.exec(output)?.[0];
  if (go === undefined) throw new Refusal(`Debian's golang-go depends on no Go: ${output}`);
  const packages = [
    `${go}-go`,
    `${go}-src`,
    "etcd-server",
    "kubernetes-client",
    "golang-github-modern-go-reflect2-dev",
  ];
  const debs = join(work, "debs");
  rmSync(debs, { recursive: true, force: true });
  mkdirSync(debs);
  // Unpacked, not installed: the machine stays as it is, and nothing needs to be root.
  await run("apt-get", [...apt, "download", ...packages], { cwd: debs });
  for (const name of readdirSync(debs))
    await run("dpkg-deb", ["-x", join(debs, name), join(work, "root")], { cwd: work });
}

// One step: files whose writing was cut off look finished to make, so it begins with fresh ones.
async function prepareSource(build: Build): Promise<void> {
  await fetchSource(build);
  await runGently(build.work, "make", ["generated_files"]);
}

async function fetchSource({ work, apt }: Build): Promise<void> {
  const folder = join(work, "source");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await run("apt-get", [...apt, "source", "kubernetes"], { cwd: folder });
  const unpacked = readdirSync(folder, { withFileTypes: true }).find((entry) =>
    entry.isDirectory(),
  );
  if (unpacked === undefined) throw new Refusal("apt-get source kubernetes left no source tree.");
  writeFileSync(join(work, "version"), versionIn(unpacked.name));
  const tree = treeIn(work);
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, ".."), { recursive: true });
  renameSync(join(folder, unpacked.name), tree);
  // The vendored one kills the server at its first custom resource when built with a Go of today.
  const vendored = join(tree, "vendor", REFLECT);
  rmSync(vendored, { recursive: true });
  cpSync(join(work, "root/usr/share/gocode/src", REFLECT), vendored, { recursive: true });
  keepEmptyStrings(join(tree, "vendor", VALIDATE));
}

/** Never true when Kubernetes was young; with a Go of today it takes every empty string for null, and refuses it. */
function keepEmptyStrings(file: string): void {
  const text = readFileSync(file, "utf8");
  const comparison =
    "data == nil || reflect.DeepEqual(reflect.Zero(reflect.TypeOf(data)), reflect.ValueOf(data))";
  if (!text.includes(comparison))
    throw new Refusal(`${file} is not the one we know: what it takes for null is to be looked at.`);
  writeFileSync(file, text.replace(comparison, "data == nil"));
}

async function compile({ work }: Build): Promise<void> {
  const version = versionOf(work);
  const [major = "", minor = ""] = version.split(".");
  const facts = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
  // Without these it calls itself v0.0.0 and nobody can tell what it ought to know.
  const link = ["component-base/version", "client-go/pkg/version"].flatMap((folder) =>
    Object.entries(facts).map(
      ([name, value]) => `-X k8s.io/kubernetes/vendor/k8s.io/${folder}.${name}=${value}`,
    ),
  );
  const bin = join(work, "bin");
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
  for (const name of ["kube-apiserver", "kube-controller-manager"]) {
    const flags = ["-ldflags", ["-s", "-w", ...link].join(" "), "-o", join(bin, name)];
    await runGently(work, "go", ["build", ...flags, `./cmd/${name}`]);
  }
  for (const name of ["etcd", "kubectl"]) cpSync(join(work, "root/usr/bin", name), join(bin, name));
  writeFileSync(join(bin, RECIPE_FILE), RECIPE);
}

/** Runs in the source tree with Debian's Go, and leaves the machine to others. */
async function runGently(work: string, command: string, args: readonly string[]): Promise<void> {
  const lib = join(work, "root/usr/lib");
  const go = readdirSync(lib).find((name) => name.startsWith("go-"));
  if (go === undefined) throw new Refusal(`${lib} holds no Go.`);
  const env = {
    GOROOT: join(lib, go),
    GOPATH: join(work, "gopath"),
    GOCACHE: join(work, "gocache"),
    GO111MODULE: "off",
    GOFLAGS: "",
    CGO_ENABLED: "0",
    PATH: `${join(lib, go, "bin")}:${process.env["PATH"] ?? ""}`,
  };
  await run("nice", ["-n", "19", command, ...args], { cwd: treeIn(work), env });
}

async function run(
  command: string,
  args: readonly string[],
  options: Parameters<typeof runCommand>[2],
): Promise<void> {
  const { code, output } = await runCommand(command, args, { ...options, isLeashed: true });
  if (code === 0) return;
  const end = output.trim().split("\n").slice(-20).join("\n");
  throw new Refusal(
    `${end}\n${command} failed (exit code ${code}); its last words are above. Starting again goes on from this step.`,
  );
}

function treeIn(work: string): string {
  return join(work, "gopath/src/k8s.io/kubernetes");
}

function versionOf(work: string): string {
  return readFileSync(join(work, "version"), "utf8");
}

/** Debian writes 1.20.5+really1.20.2 where it went back. */
function versionIn(name: string): string {
  const version = /(?:really|kubernetes-)(\d+\.\d+\.\d+)$/.exec(name)?.[1];
  if (version === undefined) throw new Refusal(`No version can be read from ${name}.`);
  return version;
}
