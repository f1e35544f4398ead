import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WORK_FOLDER } from "./debian-kubernetes.ts";
import { fetchEnvtestRelease } from "./envtest-release.ts";
import { identityOf, isRunning } from "./process-identity.ts";
import { runCommand } from "./run-command.ts";
import { supplyKubeAssets, type KubeAssetSources } from "./supply-kube-assets.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "drover-assets-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function makePrograms(folder: string): void {
  mkdirSync(folder);
  for (const name of ["kube-apiserver", "etcd"]) {
    writeFileSync(join(folder, name), "#!/bin/sh\n");
    chmodSync(join(folder, name), 0o755);
  }
}

const outOfReach = (): Promise<string> => Promise.resolve("Out of reach.");

function sources(changes: Partial<KubeAssetSources>): KubeAssetSources {
  return {
    fetchRelease: outOfReach,
    build: (cache) => Promise.resolve(makePrograms(join(cache, "1.20.2"))),
    boundMs: 60_000,
    ...changes,
  };
}

const ignore = (): void => undefined;

describe("the supply of a real kube-apiserver", () => {
  it("builds when the network has no release, says why, and finds it the next time", async () => {
    const cache = await emptyFolder();
    const environment = { DROVER_KUBE_ASSETS_DIR: cache };
    const told: string[] = [];
    const tell = (line: string): void => void told.push(line);
    await expect(supplyKubeAssets(environment, tell, sources({}))).resolves.toBe(
      join(cache, "1.20.2"),
    );
    expect(told).toEqual([expect.stringMatching(/^Out of reach\. Building from Debian/)]);
    const build = vi.fn<KubeAssetSources["build"]>();
    await supplyKubeAssets(environment, tell, sources({ build }));
    expect(build).not.toHaveBeenCalled();
  });

  it("builds once when two ask at the same time", async () => {
    const cache = await emptyFolder();
    const build = vi.fn<KubeAssetSources["build"]>(async (folder) => {
      await vi.waitFor(() => expect(told).toHaveLength(1), 60_000);
      makePrograms(join(folder, "1.20.2"));
    });
    const told: string[] = [];
    const ask = (): Promise<string> =>
      supplyKubeAssets(
        { DROVER_KUBE_ASSETS_DIR: cache },
        (line) => {
          if (line.includes("Waiting")) told.push(line);
        },
        sources({ build }),
      );
    await expect(Promise.all([ask(), ask()])).resolves.toEqual(
      Array(2).fill(join(cache, "1.20.2")),
    );
    expect(build).toHaveBeenCalledOnce();
  });

  it("goes on after a process that was killed in the middle", async () => {
    const cache = await emptyFolder();
    const holder = holdFromAnotherProcess(cache);
    await vi.waitFor(() => expect(existsSync(join(cache, WORK_FOLDER))).toBe(true), 60_000);
    const supplied = supplyKubeAssets(
      { DROVER_KUBE_ASSETS_DIR: cache },
      () => holder.kill("SIGKILL"),
      sources({}),
    );
    await expect(supplied).resolves.toBe(join(cache, "1.20.2"));
    expect(await readdir(cache)).toEqual(["1.20.2"]);
  });

  it("clears away what was left by one killed after its last step", async () => {
    const cache = await emptyFolder();
    makePrograms(join(cache, "1.20.2"));
    mkdirSync(join(cache, WORK_FOLDER));
    mkdirSync(join(cache, "fetching-1"));
    await supplyKubeAssets({ DROVER_KUBE_ASSETS_DIR: cache }, ignore, sources({}));
    expect(await readdir(cache)).toEqual(["1.20.2"]);
  });

  it("builds anew what an older recipe built", async () => {
    const cache = await emptyFolder();
    const folder = join(cache, "1.20.2");
    makePrograms(folder);
    writeFileSync(join(folder, "kube-controller-manager"), "");
    const build = vi.fn<KubeAssetSources["build"]>(() => {
      rmSync(folder, { recursive: true });
      makePrograms(folder);
      return Promise.resolve();
    });
    const environment = { DROVER_KUBE_ASSETS_DIR: cache };
    await expect(supplyKubeAssets(environment, ignore, sources({ build }))).resolves.toBe(folder);
    expect(build).toHaveBeenCalledOnce();
  });

  it("stops a build that takes too long, and says how to go on", async () => {
    const cache = await emptyFolder();
    const build = async (): Promise<void> => {
      const { code } = await runCommand("sleep", ["60"], { isLeashed: true });
      throw new Error(`sleep ended with ${code}`);
    };
    await expect(
      supplyKubeAssets({ DROVER_KUBE_ASSETS_DIR: cache }, ignore, sources({ build, boundMs: 100 })),
    ).rejects.toThrow(/its build was stopped. npm run kube-assets goes on/);
  });

  it("refuses a cache it cannot write to with a sentence", async () => {
    const file = join(await emptyFolder(), "file");
    writeFileSync(file, "");
    await expect(
      supplyKubeAssets({ DROVER_KUBE_ASSETS_DIR: join(file, "cache") }, ignore, sources({})),
    ).rejects.toThrow(/cannot be written to \(ENOTDIR\).*DROVER_KUBE_ASSETS_DIR/);
  });

  it("says when nothing came of it", async () => {
    const cache = await emptyFolder();
    const build = (): Promise<void> => Promise.resolve();
    await expect(
      supplyKubeAssets({ DROVER_KUBE_ASSETS_DIR: cache }, ignore, sources({ build })),
    ).rejects.toThrow("holds no kube-apiserver after all");
  });
});

describe("the envtest release", () => {
  it("counts as out of reach soon when the far end never answers", async () => {
    const server = createServer(ignore);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const problem = await fetchEnvtestRelease(await emptyFolder(), ignore, {
      releases: `http://127.0.0.1:${port}`,
      patienceMs: 100,
    });
    expect(problem).toMatch(/out of reach \(no answer\)/);
  });
});

describe("a leashed command", () => {
  it("dies with the process that started it, and all it started", async () => {
    const script = `
      import { runCommand } from "${new URL("./run-command.ts", import.meta.url).href}";
      void runCommand("sh", ["-c", "sleep 60 & echo $!; wait"], { isLeashed: true, isShown: true });
    `;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", script]);
    const pid = await new Promise<number>((resolve) => {
      starter.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString())));
    });
    const sleeper = identityOf(pid);
    expect(isRunning(sleeper)).toBe(true);
    starter.kill("SIGKILL");
    await vi.waitFor(() => expect(isRunning(sleeper)).toBe(false), 60_000);
  });

  it("keeps its output and its exit code", async () => {
    const { code, output } = await runCommand("sh", ["-c", "echo said; exit 7"], {
      isLeashed: true,
    });
    expect({ code, output }).toEqual({ code: 7, output: "said\n" });
  });
});

/** Another process in the middle of a build that never ends. */
function holdFromAnotherProcess(cache: string): { kill(signal: NodeJS.Signals): void } {
  const script = `
    import { mkdirSync } from "node:fs";
    import { supplyKubeAssets } from "${new URL("./supply-kube-assets.ts", import.meta.url).href}";
    const build = async (cache) => {
      mkdirSync(cache + "/${WORK_FOLDER}");
      setInterval(() => undefined, 1000);
      await new Promise(() => undefined);
    };
    const environment = { DROVER_KUBE_ASSETS_DIR: ${JSON.stringify(cache)} };
    await supplyKubeAssets(environment, () => undefined, { build, fetchRelease: async () => "no", boundMs: 60000 });
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { kill: (signal) => void child.kill(signal) };
}
