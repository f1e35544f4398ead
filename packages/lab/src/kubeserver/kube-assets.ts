import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

// The scripts that fetch the programs read this file before anything is installed: it imports nothing but Node.

/** Where the programs of a real API server are on this machine. */
export type KubeAssets = {
  readonly apiServer: string;
  readonly etcd: string;
  /** The envtest release has none. */
  readonly controllerManager?: string;
  readonly kubectl?: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** By the envtest convention from the environment, else from the cache; undefined when there are none. */
export function findKubeAssets(environment: Environment): KubeAssets | undefined {
  const directory =
    environment["KUBEBUILDER_ASSETS"] || newestIn(kubeAssetsCache(environment)) || undefined;
  const program = (variable: string, name: string): string | undefined =>
    environment[variable] || (directory === undefined ? undefined : join(directory, name));
  const apiServer = program("TEST_ASSET_KUBE_APISERVER", "kube-apiserver");
  const etcd = program("TEST_ASSET_ETCD", "etcd");
  if (apiServer === undefined || etcd === undefined) return undefined;
  for (const file of [apiServer, etcd]) {
    if (!isProgram(file))
      throw new Error(
        `The environment says that a real API server is at hand, but ${file} is no program that can be run. Mend KUBEBUILDER_ASSETS and TEST_ASSET_*, or unset them.`,
      );
  }
  const controllerManager = program(
    "TEST_ASSET_KUBE_CONTROLLER_MANAGER",
    "kube-controller-manager",
  );
  const kubectl = program("TEST_ASSET_KUBECTL", "kubectl");
  return {
    apiServer,
    etcd,
    ...(isProgram(controllerManager) ? { controllerManager } : {}),
    ...(isProgram(kubectl) ? { kubectl } : {}),
  };
}

/** The same; throws a sentence that says how to get them when there are none. */
export function requireKubeAssets(environment: Environment): KubeAssets {
  const assets = findKubeAssets(environment);
  if (assets !== undefined) return assets;
  throw new Error(
    "There is no kube-apiserver on this machine. Get one with npm run kube-assets, or name a folder that holds kube-apiserver and etcd in KUBEBUILDER_ASSETS.",
  );
}

/** Those to run a lab's clusters on, when DROVER_LAB_APISERVER asks for a real server. */
export function chosenKubeAssets(environment: Environment): { readonly kubeAssets?: KubeAssets } {
  const isChosen = environment["DROVER_LAB_APISERVER"] === "kube";
  return isChosen ? { kubeAssets: requireKubeAssets(environment) } : {};
}

/** The value of KUBEBUILDER_ASSETS that names these programs. */
export function directoryOf(assets: KubeAssets): string {
  return dirname(assets.apiServer);
}

/** The folder, outside of any checkout, that holds one folder for each version. */
export function kubeAssetsCache(environment: Environment): string {
  const chosen = environment["DROVER_KUBE_ASSETS_DIR"];
  if (chosen) return chosen;
  const caches = environment["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(caches, "drover", "kube-assets");
}

function newestIn(cache: string): string | undefined {
  if (!existsSync(cache)) return undefined;
  return readdirSync(cache)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((name) => join(cache, name))
    .find((folder) => ["kube-apiserver", "etcd"].every((name) => isProgram(join(folder, name))));
}

function isProgram(file: string | undefined): file is string {
  if (file === undefined) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
