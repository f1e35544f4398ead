import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ClusterConnection } from "@drover/kube";
import { parse } from "yaml";
import { z } from "zod";

const Kubeconfig = z.looseObject({
  "current-context": z.string(),
  contexts: z.array(
    z.looseObject({
      name: z.string(),
      context: z.looseObject({ cluster: z.string(), user: z.string() }),
    }),
  ),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({
        server: z.string(),
        "certificate-authority-data": z.string().optional(),
        "certificate-authority": z.string().optional(),
        "insecure-skip-tls-verify": z.boolean().optional(),
      }),
    }),
  ),
  users: z.array(
    z.looseObject({
      name: z.string(),
      user: z.looseObject({
        token: z.string().optional(),
        tokenFile: z.string().optional(),
        "client-certificate-data": z.string().optional(),
        "client-key-data": z.string().optional(),
      }),
    }),
  ),
});

function decode(data: string | undefined): string | undefined {
  return data === undefined ? undefined : Buffer.from(data, "base64").toString("utf8");
}

function required<T>(value: T | undefined, what: string, path: string): T {
  if (value === undefined) throw new Error(`${path} names ${what}, but does not hold it.`);
  return value;
}

/** The current context of the operator's own kubeconfig. Exec plugins and client certificate paths are not followed. */
export function parseKubeconfig(text: string, path: string): ClusterConnection {
  const config = Kubeconfig.parse(parse(text));
  const current = config["current-context"];
  const { context } = required(
    config.contexts.find((entry) => entry.name === current),
    `context ${current}`,
    path,
  );
  const { cluster } = required(
    config.clusters.find((entry) => entry.name === context.cluster),
    `cluster ${context.cluster}`,
    path,
  );
  const { user } = required(
    config.users.find((entry) => entry.name === context.user),
    `user ${context.user}`,
    path,
  );
  const read = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : readFileSync(resolve(dirname(path), file), "utf8").trim();
  const caPem =
    decode(cluster["certificate-authority-data"]) ?? read(cluster["certificate-authority"]);
  const token = user.token ?? read(user.tokenFile);
  const clientCertPem = decode(user["client-certificate-data"]);
  const clientKeyPem = decode(user["client-key-data"]);
  return {
    url: cluster.server,
    insecure: cluster["insecure-skip-tls-verify"] ?? false,
    ...(caPem === undefined ? {} : { caPem }),
    ...(token === undefined ? {} : { token }),
    ...(clientCertPem === undefined ? {} : { clientCertPem }),
    ...(clientKeyPem === undefined ? {} : { clientKeyPem }),
  };
}

const serviceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The connection a pod is given; undefined outside a cluster. */
export function inClusterConnection(
  address: string | undefined,
  port: string | undefined,
): ClusterConnection | undefined {
  if (address === undefined || !existsSync(`${serviceAccountDir}/token`)) return undefined;
  const host = address.includes(":") ? `[${address}]` : address;
  return {
    url: `https://${host}:${port ?? "443"}`,
    caPem: readFileSync(`${serviceAccountDir}/ca.crt`, "utf8"),
    // The kubelet replaces the token before it expires.
    readToken: async () => (await readFile(`${serviceAccountDir}/token`, "utf8")).trim(),
  };
}
