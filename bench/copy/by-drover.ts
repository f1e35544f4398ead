import { freePort } from "@drover/lab";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCredentials } from "./credentials.ts";
import type { Copier } from "./by-hand.ts";
import { runToEnd, type Servers } from "./processes.ts";

const entrypoint = fileURLToPath(
  new URL("../../deploy/images/transfer/entrypoint.sh", import.meta.url),
);

/** What the controller gives the transfer image for a volume when no setting is changed. */
const OPTIONS = [
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
  "--filter=-x security.selinux",
  "--sparse",
  "--numeric-ids",
  "--delete",
  "--partial",
  "--exclude=/lost+found",
  "--timeout=600",
];

export type DroverCopier = Copier & {
  /** Compares what was copied by metadata, as after every last sync. */
  prove(to: string): Promise<void>;
};

/** The transfer image's entrypoint at both ends, as in the pods of a migration; each copy starts a client anew. */
export async function copierByDrover(
  directory: string,
  {
    servers,
    destinations,
  }: { readonly servers: Servers; readonly destinations: readonly string[] },
): Promise<DroverCopier> {
  const [target, source] = [join(directory, "target"), join(directory, "source")];
  await writeCredentials([join(target, "etc/transfer"), join(source, "etc/transfer")]);
  for (const to of destinations) await mkdir(join(target, "data", to), { recursive: true });
  await mkdir(join(source, "data"), { recursive: true });
  const port = await freePort();
  const shared = { TRANSFER_PORT: String(port) };
  const serverEnv = {
    ...shared,
    ROOT: target,
    POD_IP: "127.0.0.1",
    MODULES: destinations.join(" "),
  };
  await servers.start({ command: "/bin/sh", args: [entrypoint, "server"], env: serverEnv }, port);
  const client = async (mode: string, to: string): Promise<void> => {
    const env = { ...shared, ROOT: source, TRANSFER_HOST: "127.0.0.1", MODULE: to };
    const proof = mode === "verify" ? { PROOF: "metadata" } : {};
    const args = [entrypoint, mode, ...OPTIONS];
    await runToEnd({ command: "/bin/sh", args, env: { ...env, ...proof } });
  };
  const mounted = new Set<string>();
  return {
    async copy(from, to) {
      if (!mounted.has(to)) await symlink(from, join(source, "data", to));
      mounted.add(to);
      await client("client", to);
    },
    prove: (to) => client("verify", to),
  };
}
