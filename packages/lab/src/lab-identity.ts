import { randomBytes, randomInt } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { createAuthority, issueCertificate } from "./tls/certificate-authority.ts";

const KeyPair = z.object({ certPem: z.string(), keyPem: z.string() });

/** What makes a cluster of the lab the same cluster after a restart: its keys, tokens and addresses. */
const ClusterIdentity = z.object({
  authority: KeyPair,
  server: KeyPair,
  adminToken: z.string(),
  devToken: z.string(),
  /** Second octet of pod addresses; services have the next one, load balancers the one after. */
  network: z.int(),
  nodePorts: z.object({ first: z.int(), last: z.int() }),
});
export type ClusterIdentity = z.infer<typeof ClusterIdentity>;

export type Addressing = Pick<ClusterIdentity, "network" | "nodePorts">;

const nodePortsPerCluster = 300;

/** The addresses of the n-th cluster of a lab that people use: always the same ones. */
export function fixedAddressing(index: number): Addressing {
  const first = 30_000 + index * nodePortsPerCluster;
  return { network: 10 + index * 10, nodePorts: { first, last: first + nodePortsPerCluster - 1 } };
}

/** Addresses for a lab among others on the same machine, as tests start them; collisions are unlikely. */
export function scatteredAddressing(): Addressing {
  const first = 31_000 + randomInt(17) * 100;
  return { network: 50 + randomInt(65) * 3, nodePorts: { first, last: first + 99 } };
}

/** Reads a cluster's identity, or makes and keeps it at the first start. */
export async function ensureIdentity(
  clusterDir: string,
  name: string,
  addressing: Addressing,
): Promise<ClusterIdentity> {
  const path = join(clusterDir, "identity.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text !== undefined) return ClusterIdentity.parse(JSON.parse(text));
  const authority = await createAuthority(`${name} of the Drover lab`);
  const identity: ClusterIdentity = {
    authority,
    server: await issueCertificate(authority, {
      commonName: `${name}.lab.drover.dev`,
      hosts: [
        "127.0.0.1",
        "localhost",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
      ],
    }),
    adminToken: randomBytes(24).toString("base64url"),
    devToken: randomBytes(24).toString("base64url"),
    ...addressing,
  };
  await writePrivately(path, JSON.stringify(identity, null, 2));
  return identity;
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivately(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
