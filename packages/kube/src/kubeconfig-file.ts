import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { KubeError } from "./kube-error.ts";

const named = <K extends string, T extends z.ZodType>(
  key: K,
  value: T,
): z.ZodArray<z.ZodObject<{ name: z.ZodString } & Record<K, T>>> =>
  z.array(z.object({ name: z.string(), [key]: value } as { name: z.ZodString } & Record<K, T>));

const KubeconfigFile = z.object({
  "current-context": z.string().optional(),
  contexts: named(
    "context",
    z.object({ cluster: z.string(), user: z.string(), namespace: z.string().optional() }),
  ),
  clusters: named(
    "cluster",
    z.object({
      server: z.string(),
      "certificate-authority-data": z.string().optional(),
      "certificate-authority": z.string().optional(),
      "insecure-skip-tls-verify": z.boolean().optional(),
      "tls-server-name": z.string().optional(),
      "proxy-url": z.string().optional(),
    }),
  ),
  users: named(
    "user",
    z.object({
      token: z.string().optional(),
      tokenFile: z.string().optional(),
      "client-certificate-data": z.string().optional(),
      "client-certificate": z.string().optional(),
      "client-key-data": z.string().optional(),
      "client-key": z.string().optional(),
      username: z.string().optional(),
      password: z.string().optional(),
      as: z.string().optional(),
      exec: z.unknown().optional(),
      "auth-provider": z.unknown().optional(),
    }),
  ),
});

type KubeconfigFile = z.infer<typeof KubeconfigFile>;
export type ClusterEntry = KubeconfigFile["clusters"][number]["cluster"];
export type UserEntry = KubeconfigFile["users"][number]["user"];

/** One context of a kubeconfig with the cluster and user it names. */
export type ContextEntry = {
  readonly context: string;
  readonly isCurrent: boolean;
  readonly namespace: string | undefined;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
};

const MAX_CHARS = 1024 * 1024;

/** The contexts of a kubeconfig. Problems are told without quoting the file, which is full of secrets. */
export function parseKubeconfigFile(text: string): ContextEntry[] {
  if (text.length > MAX_CHARS) throw unreadable("it is larger than 1 MiB");
  const parsed = KubeconfigFile.safeParse(parseYaml(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw unreadable(
      `${issue?.path.join(".") || "the document"}: ${issue?.message ?? "not valid"}`,
    );
  }
  const file = parsed.data;
  return file.contexts.map(({ name, context }) => ({
    context: name,
    isCurrent: name === file["current-context"],
    namespace: context.namespace,
    cluster: entryNamed(file.clusters, "cluster", context.cluster).cluster,
    user: entryNamed(file.users, "user", context.user).user,
  }));
}

function entryNamed<T extends { name: string }>(list: readonly T[], noun: string, name: string): T {
  const entry = list.find((candidate) => candidate.name === name);
  if (entry === undefined) throw unreadable(`it has no ${noun} named "${name}"`);
  return entry;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { prettyErrors: false, maxAliasCount: 0 });
  } catch (error) {
    const at = error instanceof YAMLParseError ? ` near character ${error.pos[0]}` : "";
    throw unreadable(`it is not YAML${at}`);
  }
}

function unreadable(why: string): KubeError {
  return new KubeError({
    code: 400,
    reason: "BadRequest",
    message: `The kubeconfig cannot be read: ${why}.`,
  });
}
