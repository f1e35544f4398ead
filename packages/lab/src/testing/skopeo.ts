import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LabClusterAccess } from "../lab.ts";

const run = promisify(execFile);

/** skopeo with a home of its own, which trusts the authorities of the lab's clusters. */
export type Skopeo = {
  /** Standard output; throws with what skopeo said when it fails. */
  run(...args: readonly string[]): Promise<string>;
  /** The folder with `ca.crt` that verifies a cluster's registry. */
  certificates(cluster: LabClusterAccess): Promise<string>;
  /** The address of an image in a cluster's registry. */
  address(cluster: LabClusterAccess, image: string): string;
  /** An empty place for an image. */
  place(name: string): string;
  close(): Promise<void>;
};

/** Throws a sentence when there is no skopeo here. */
export async function skopeo(): Promise<Skopeo> {
  await run("skopeo", ["--version"]).catch((error: unknown) => {
    throw new Error("These tests need skopeo; install the package skopeo.", { cause: error });
  });
  const home = await mkdtemp(join(tmpdir(), "drover-skopeo-"));
  const policy = join(home, "policy.json");
  await writeFile(policy, JSON.stringify({ default: [{ type: "insecureAcceptAnything" }] }));
  return {
    async run(...args) {
      const env = {
        PATH: process.env["PATH"],
        HOME: home,
        XDG_RUNTIME_DIR: home,
        REGISTRY_AUTH_FILE: join(home, "auth.json"),
      };
      const { stdout } = await run("skopeo", ["--policy", policy, ...args], { env });
      return stdout;
    },
    async certificates({ name, caPem }) {
      const folder = join(home, "certificates", name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "ca.crt"), caPem);
      return folder;
    },
    address: ({ registryAddress }, image) => `docker://${registryAddress}/${image}`,
    place: (name) => `dir:${join(home, name)}`,
    close: () => rm(home, { recursive: true, force: true }),
  };
}
