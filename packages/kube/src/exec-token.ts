import { KubeError } from "./kube-error.ts";

/**
 * Asks the credential plugin or auth provider a trusted kubeconfig names, through client-node, which caches the answer
 * until it expires. It is loaded only here, as it costs half a second and a hundred megabytes.
 */
export function execToken(kubeconfig: string, context: string): () => Promise<string> {
  let loading: Promise<() => Promise<string>> | undefined;
  return async () => {
    loading ??= load(kubeconfig, context);
    return (await loading)();
  };
}

async function load(kubeconfig: string, context: string): Promise<() => Promise<string>> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  config.setCurrentContext(context);
  return async () => {
    const options: Parameters<typeof config.applyToHTTPSOptions>[0] = {};
    await config.applyToHTTPSOptions(options).catch(() => {
      // The plugin's own words may hold what it was given.
      throw noCredentials(context, "the program it names failed");
    });
    const header = new Headers(options.headers as Record<string, string>).get("authorization");
    const token = /^Bearer (\S+)$/.exec(header ?? "")?.[1];
    if (token === undefined) throw noCredentials(context, "the program it names gave no token");
    return token;
  };
}

function noCredentials(context: string, why: string): KubeError {
  const message = `No credentials for context "${context}": ${why}.`;
  return new KubeError({ code: 401, reason: "Unauthorized", message });
}
