import { z } from "zod";
import { chosenKubeAssets } from "./kubeserver/kube-assets.ts";
import type { KubeAssets } from "./kubeserver/kube-assets.ts";
import { fullScale } from "./seed/scale.ts";
import type { ScaleAmounts } from "./seed/scale.ts";

const port = z.coerce.number().int().min(0).max(65_535);

const amounts = /^(\d+)\/(\d+)\/(\d+)$/;

/** `0`, `1` for all of it, or namespaces/pods/claims. */
const scale = z
  .string()
  .default("0")
  .transform((text, context): ScaleAmounts | undefined => {
    if (text === "0" || text === "") return undefined;
    if (text === "1") return fullScale;
    const [, namespaces, pods, claims] = amounts.exec(text) ?? [];
    if (namespaces !== undefined)
      return { namespaces: Number(namespaces), pods: Number(pods), claims: Number(claims) };
    context.addIssue("say 1, or namespaces/pods/claims as in 100/300/20");
    return z.NEVER;
  });

const Environment = z.object({
  DROVER_STATE_DIR: z.string().min(1).default(".drover"),
  DROVER_PORT: port.default(3000),
  DROVER_LAB_HOST: z.string().default("127.0.0.1"),
  DROVER_LAB_HOST_PORT: port.default(6443),
  DROVER_LAB_SOURCE_PORT: port.default(6444),
  DROVER_LAB_EDGE_PORT: port.default(6445),
  DROVER_LAB_S3_PORT: port.default(9000),
  DROVER_LAB_OAUTH_PORT: port.default(6480),
  DROVER_LAB_APISERVER: z.enum(["embedded", "kube"]).default("embedded"),
  DROVER_LAB_SCALE: scale,
  DROVER_LAB_SIZED_VOLUMES: z.enum(["0", "1"]).default("0"),
  LOG_LEVEL: z.string().default("warn"),
  PATH: z.string().default("/usr/bin:/bin"),
});

export type LabConfig = {
  readonly stateDir: string;
  readonly ports: {
    readonly host: number;
    readonly source: number;
    readonly edge: number;
    readonly objectStore: number;
    readonly oauth: number;
  };
  readonly sizedVolumes: boolean;
  /** The real kube-apiserver to run the clusters on; the lab's own when absent. */
  readonly kubeAssets?: KubeAssets;
  readonly scale: ScaleAmounts | undefined;
  readonly redirectUris: readonly string[];
  readonly logLevel: string;
  readonly searchPath: string;
};

const loopback = new Set(["127.0.0.1", "localhost"]);

/** The lab's settings from the environment. Throws a sentence for each value that cannot be. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): LabConfig {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".")}: ${message}`,
    );
    throw new Error(`The lab's settings are not right. ${problems.join("; ")}.`);
  }
  const env = parsed.data;
  // Its passwords are public: nobody else may reach it.
  if (!loopback.has(env.DROVER_LAB_HOST)) {
    throw new Error(
      `The lab listens on loopback only; remove DROVER_LAB_HOST=${env.DROVER_LAB_HOST}.`,
    );
  }
  const origins = ["localhost", "127.0.0.1"].map((host) => `http://${host}:${env.DROVER_PORT}`);
  return {
    stateDir: env.DROVER_STATE_DIR,
    ports: {
      host: env.DROVER_LAB_HOST_PORT,
      source: env.DROVER_LAB_SOURCE_PORT,
      edge: env.DROVER_LAB_EDGE_PORT,
      objectStore: env.DROVER_LAB_S3_PORT,
      oauth: env.DROVER_LAB_OAUTH_PORT,
    },
    scale: env.DROVER_LAB_SCALE,
    ...chosenKubeAssets(environment),
    sizedVolumes: env.DROVER_LAB_SIZED_VOLUMES === "1",
    redirectUris: origins.map((origin) => `${origin}/api/auth/callback`),
    logLevel: env.LOG_LEVEL,
    searchPath: env.PATH,
  };
}

/** Settings of the process we run in. */
export function processConfig(): LabConfig {
  return readConfig(process.env);
}
