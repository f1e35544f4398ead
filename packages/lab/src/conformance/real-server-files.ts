import { createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { TokenKeys } from "../apiserver/auth/token-keys.ts";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";

export const ADMIN_TOKEN = "admin-token";
export const OUTSIDER_TOKEN = "outsider-token";
export const OUTSIDER = "outsider";

/** What a kube-apiserver reads at its start. */
export type RealServerFiles = {
  readonly caPem: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly tokens: string;
  readonly accountKey: string;
  readonly accountPublicKey: string;
  readonly keys: TokenKeys;
};

/** Makes certificates, tokens and the key of service accounts in a folder. */
export async function writeServerFiles(directory: string): Promise<RealServerFiles> {
  const authority = await createAuthority("conformance");
  const pair = await issueCertificate(authority, {
    commonName: "kube-apiserver",
    hosts: ["127.0.0.1", "localhost", "kubernetes.default.svc"],
  });
  const write = (name: string, text: string): string => {
    const file = join(directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const keys = new TokenKeys(directory);
  const accountKey = join(directory, "service-account.key");
  const publicKey = createPublicKey(readFileSync(accountKey)).export({
    type: "spki",
    format: "pem",
  });
  return {
    caPem: authority.certPem,
    ca: write("ca.crt", authority.certPem),
    certificate: write("server.crt", pair.certPem),
    key: write("server.key", pair.keyPem),
    tokens: write(
      "tokens.csv",
      `${ADMIN_TOKEN},admin,1,"system:masters"\n${OUTSIDER_TOKEN},${OUTSIDER},2\n`,
    ),
    accountKey,
    accountPublicKey: write("service-account.pub", String(publicKey)),
    keys,
  };
}

/** Ports of the loopback that nobody uses at this moment. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
