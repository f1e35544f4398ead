import { stringify } from "yaml";

export type KubeconfigContext = {
  readonly name: string;
  readonly cluster: { readonly name: string; readonly url: string; readonly caPem: string };
  readonly token: string;
  readonly namespace?: string;
};

/** A kubeconfig with these contexts; the first one is current. */
export function kubeconfig(contexts: readonly KubeconfigContext[]): string {
  const clusters = new Map(contexts.map(({ cluster }) => [cluster.name, cluster]));
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": contexts[0]?.name ?? "",
    clusters: [...clusters.values()].map(({ name, url, caPem }) => ({
      name,
      cluster: { server: url, "certificate-authority-data": Buffer.from(caPem).toString("base64") },
    })),
    users: contexts.map(({ name, token }) => ({ name, user: { token } })),
    contexts: contexts.map(({ name, cluster, namespace }) => ({
      name,
      context: {
        cluster: cluster.name,
        user: name,
        ...(namespace === undefined ? {} : { namespace }),
      },
    })),
  });
}
