import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  directoryOf,
  findKubeAssets,
  kubeAssetsCache,
} from "../packages/lab/src/kubeserver/kube-assets.ts";
import { buildFromDebian, isOutdatedBuild, WORK_FOLDER } from "./debian-kubernetes.ts";
import { DRAFT_PREFIX, fetchEnvtestRelease } from "./envtest-release.ts";
import { killCommands, Refusal } from "./run-command.ts";
import { asSoleHolder } from "./sole-holder.ts";

/** Four times what two busy cores need. */
const BOUND_MS = 20 * 60_000;

/** Where the programs come from; replaced in tests. */
export type KubeAssetSources = {
  /** Gives back why that cannot be when the network does not have the release. */
  readonly fetchRelease: (cache: string, tell: Tell) => Promise<string | undefined>;
  readonly build: (cache: string, tell: Tell) => Promise<void>;
  readonly boundMs: number;
};

type Tell = (line: string) => void;
type Environment = Readonly<Record<string, string | undefined>>;

const SOURCES: KubeAssetSources = {
  fetchRelease: fetchEnvtestRelease,
  build: buildFromDebian,
  boundMs: BOUND_MS,
};

/** The folder with the programs of a real kube-apiserver; brings them into the cache when they are nowhere. */
export async function supplyKubeAssets(
  environment: Environment,
  tell: Tell,
  sources: KubeAssetSources = SOURCES,
): Promise<string> {
  const cache = kubeAssetsCache(environment);
  const found = currentAssets(environment, cache);
  // In the cache, what a killed build left is cleared away; anywhere else the cache is none of our business.
  if (found !== undefined && (dirname(found) !== cache || leftovers(cache).length === 0))
    return found;
  try {
    mkdirSync(cache, { recursive: true });
    return await asSoleHolder(
      cache,
      () => tell(`Another process brings a real kube-apiserver into ${cache} already. Waiting.`),
      () => bring({ environment, cache, tell, sources }),
    );
  } catch (error) {
    throw refusalOf(error, cache);
  }
}

/** What the file system refused, as a sentence; anything else as it is. */
function refusalOf(error: unknown, cache: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT|ENOTDIR|EEXIST)$/.test(code)) return error;
  return new Refusal(
    `The cache ${cache} cannot be written to (${code}). Mend that, or choose another folder with DROVER_KUBE_ASSETS_DIR.`,
  );
}

/** The folder with the programs, unless it is in the cache and ought to be made anew. */
function currentAssets(environment: Environment, cache: string): string | undefined {
  const found = findKubeAssets(environment);
  if (found === undefined) return undefined;
  const folder = directoryOf(found);
  return dirname(folder) === cache && isOutdatedBuild(folder) ? undefined : folder;
}

type Supply = {
  readonly environment: Environment;
  readonly cache: string;
  readonly tell: Tell;
  readonly sources: KubeAssetSources;
};

async function bring({ environment, cache, tell, sources }: Supply): Promise<string> {
  const found = currentAssets(environment, cache);
  if (found === undefined) {
    // What a killed download left is of no use; a build goes on from its last step.
    for (const name of leftovers(cache)) if (name !== WORK_FOLDER) remove(cache, name);
    await withinBound(sources.boundMs, async () => {
      const problem = await sources.fetchRelease(cache, tell);
      if (problem === undefined) return;
      tell(`${problem} Building from Debian's source package: some minutes, once.`);
      await sources.build(cache, tell);
    });
  }
  const made = found ?? currentAssets(environment, cache);
  if (made === undefined) throw new Refusal(`${cache} holds no kube-apiserver after all.`);
  for (const name of leftovers(cache)) remove(cache, name);
  return made;
}

async function withinBound(boundMs: number, work: () => Promise<void>): Promise<void> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    killCommands();
  }, boundMs);
  try {
    await work();
  } catch (error) {
    if (!isLate) throw error;
    throw new Refusal(
      `A real kube-apiserver was not ready after ${Math.round(boundMs / 60_000)} minutes, and its build was stopped. npm run kube-assets goes on from the step it was at.`,
    );
  } finally {
    clearTimeout(timer);
  }
}

function leftovers(cache: string): readonly string[] {
  if (!existsSync(cache)) return [];
  return readdirSync(cache).filter((name) => name === WORK_FOLDER || name.startsWith(DRAFT_PREFIX));
}

function remove(cache: string, name: string): void {
  rmSync(join(cache, name), { recursive: true, force: true });
}
