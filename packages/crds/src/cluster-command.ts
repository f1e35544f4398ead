import { migrationNamespace } from "./migration/group.ts";

/** The command-line client a person prefers. */
export type ClusterClient = "oc" | "kubectl";

/** Names one object for a command. */
export type CommandTarget = {
  readonly kind: string;
  readonly name: string;
  /** Absent for kinds without namespaces. */
  readonly namespace?: string | undefined;
};

export type CommandOptions = {
  /** `oc` when absent. */
  readonly client?: ClusterClient;
  /** The log reader's pod; logs of migration resources then come from it. */
  readonly logReaderPod?: string | undefined;
};

// The short words of a resource tree, beside the kinds themselves.
const resourceNames: Readonly<Record<string, string>> = {
  Migration: "migmigration",
  Plan: "migplan",
  Hook: "mighook",
  PV: "persistentvolume",
  PVC: "persistentvolumeclaim",
};

const logKeys: Readonly<Record<string, string>> = {
  Migration: "migMigration",
  MigMigration: "migMigration",
  Plan: "migPlan",
  MigPlan: "migPlan",
  DirectVolumeMigration: "dvm",
  DirectVolumeMigrationProgress: "dvmp",
  DirectImageMigration: "dim",
  DirectImageStreamMigration: "dism",
  Hook: "migHook",
  MigHook: "migHook",
};

/** The resource word a command line takes for a kind. */
export function commandResource(kind: string): string {
  return resourceNames[kind] ?? kind.toLowerCase();
}

/** `oc describe` of an object. */
export function describeCommand(target: CommandTarget, options: CommandOptions = {}): string {
  return words(
    clientOf(options),
    "describe",
    commandResource(target.kind),
    ...namespaceFlag(target),
    quoted(target.name),
  );
}

/** `oc get -o yaml` of an object. */
export function getCommand(
  target: CommandTarget,
  options: CommandOptions & { readonly output?: "yaml" | "json" } = {},
): string {
  return words(
    clientOf(options),
    "get",
    commandResource(target.kind),
    ...namespaceFlag(target),
    quoted(target.name),
    "-o",
    options.output ?? "yaml",
  );
}

/** The command that shows the log lines about an object; undefined for kinds that have none. */
export function logsCommand(
  target: CommandTarget,
  options: CommandOptions = {},
): string | undefined {
  const client = clientOf(options);
  if (target.kind === "Pod") {
    return words(client, "logs", ...namespaceFlag(target), quoted(target.name), "--all-containers");
  }
  if (target.kind === "Backup" || target.kind === "Restore") {
    const kind = target.kind.toLowerCase();
    return words("velero", kind, "logs", quoted(target.name), ...namespaceFlag(target));
  }
  const key = logKeys[target.kind];
  if (key === undefined) return undefined;
  const namespace = target.namespace ?? migrationNamespace;
  return `${controllerLogs(client, namespace, options.logReaderPod)} | grep ${quoted(`"${key}":"${target.name}"`)}`;
}

function controllerLogs(
  client: ClusterClient,
  namespace: string,
  reader: string | undefined,
): string {
  return reader === undefined
    ? words(
        client,
        "logs",
        "--selector",
        "control-plane=controller-manager",
        "--namespace",
        quoted(namespace),
        "--container",
        "mtc",
      )
    : words(client, "-n", quoted(namespace), "logs", quoted(reader), "-c", "plain");
}

/** The two commands of the log reader: with colours, and plain. */
export function logReaderCommands(
  pod: string,
  options: CommandOptions & { readonly namespace?: string } = {},
): { readonly color: string; readonly plain: string } {
  const base = words(
    clientOf(options),
    "logs",
    quoted(pod),
    "--namespace",
    quoted(options.namespace ?? migrationNamespace),
  );
  return { color: `${base} -c color`, plain: `${base} -c plain` };
}

function clientOf(options: CommandOptions): ClusterClient {
  return options.client ?? "oc";
}

function namespaceFlag({ namespace }: CommandTarget): string[] {
  return namespace ? ["--namespace", quoted(namespace)] : [];
}

function words(...parts: readonly string[]): string {
  return parts.join(" ");
}

/** A word that a POSIX shell takes as it is; quoted only when it has to be, so that nothing in a name can run. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9._:/@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
