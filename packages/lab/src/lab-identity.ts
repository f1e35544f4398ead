import { randomBytes } from "node:crypto";
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

/** Reads a cluster's identity; undefined before its first start. */
export async function findIdentity(clusterDir: string): Promise<ClusterIdentity | undefined> {
  const text = await readFile(identityPath(clusterDir), "utf8").catch(() => undefined);
  return text === undefined ? undefined : ClusterIdentity.parse(JSON.parse(text));
}

/** Makes a cluster's identity and keeps it. */
export async function createIdentity(
  clusterDir: string,
  name: string,
  addressing: Addressing,
): Promise<ClusterIdentity> {
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
  await writePrivately(identityPath(clusterDir), JSON.stringify(identity, null, 2));
  return identity;
}

function identityPath(clusterDir: string): string {
  return join(clusterDir, "identity.json");
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivately(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
