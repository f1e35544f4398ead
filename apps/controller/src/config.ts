import { z } from "zod";

const Environment = z.object({
  DROVER_KUBECONFIG: z.string().optional(),
  DROVER_NAMESPACE: z.string().min(1).default("openshift-migration"),
  DROVER_CONTROLLER_HOST: z.string().min(1).default("127.0.0.1"),
  DROVER_CONTROLLER_PORT: z.coerce.number().int().min(0).max(65535).default(3001),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().optional(),
  DROVER_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info"),
});

export type Config = {
  /** Kubeconfig of the cluster that holds our resources; the pod's own service account when absent. */
  readonly kubeconfigPath: string | undefined;
  /** What Kubernetes tells every pod about its API server. */
  readonly inCluster: { readonly host?: string; readonly port?: string };
  readonly namespace: string;
  readonly healthHost: string;
  readonly healthPort: number;
  readonly logLevel: string;
};

/** Reads the environment; throws a sentence for each variable that cannot be used. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment cannot be used. ${wrong.join("; ")}`);
  }
  const values = parsed.data;
  return {
    kubeconfigPath: values.DROVER_KUBECONFIG || undefined,
    inCluster: {
      ...(values.KUBERNETES_SERVICE_HOST ? { host: values.KUBERNETES_SERVICE_HOST } : {}),
      ...(values.KUBERNETES_SERVICE_PORT ? { port: values.KUBERNETES_SERVICE_PORT } : {}),
    },
    namespace: values.DROVER_NAMESPACE,
    healthHost: values.DROVER_CONTROLLER_HOST,
    healthPort: values.DROVER_CONTROLLER_PORT,
    logLevel: values.DROVER_LOG_LEVEL,
  };
}
