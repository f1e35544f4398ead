import type { Cluster } from "@drover/kube";
import { liveStore } from "@drover/kube";
import { Secret } from "../node/kinds/cluster-objects.ts";
import { migrationNamespace } from "./identities.ts";

const patienceMs = 15_000;

/** The lasting token of an account: what the token controller fills into the Secret made for it. */
export async function accountToken(
  cluster: Cluster,
  account: string,
  namespace = migrationNamespace,
): Promise<string> {
  const name = `${account}-token`;
  const store = liveStore(cluster, Secret, {
    namespace,
    fieldSelector: `metadata.name=${name}`,
  });
  try {
    await store.ready;
    return await new Promise<string>((resolve, reject) => {
      const late = new Error(
        `Cluster ${cluster.url} put no token into Secret ${namespace}/${name}; its token controller does not run.`,
      );
      const timer = setTimeout(() => reject(late), patienceMs);
      const look = (): void => {
        const token = store.get({ namespace, name })?.data?.["token"];
        if (token === undefined) return;
        clearTimeout(timer);
        resolve(Buffer.from(token, "base64").toString());
      };
      store.subscribe(look);
      look();
    });
  } finally {
    store.close();
  }
}
