import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OAuthClient } from "@drover/crds";
import type { Cluster } from "@drover/kube";

export const clientId = "drover";

/** The client's secret, made at the first start and kept in a file that only its owner reads. */
async function ensureSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, "oauth-client-secret");
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(path, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return (await readFile(path, "utf8")).trim();
}

/** Registers Drover with the OAuth server of a cluster and returns its secret. */
export async function ensureOAuthClient(
  cluster: Cluster,
  dataDir: string,
  redirectUris: readonly string[],
): Promise<string> {
  const secret = await ensureSecret(dataDir);
  await cluster.apply(
    OAuthClient,
    {
      apiVersion: "oauth.openshift.io/v1",
      kind: "OAuthClient",
      metadata: { name: clientId },
      secret,
      redirectURIs: [...redirectUris],
      grantMethod: "auto",
    },
    { fieldManager: "drover-lab" },
  );
  return secret;
}
