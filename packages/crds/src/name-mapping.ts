import { dns1123LabelProblem } from "./name-rules.ts";

/** A namespace or a claim on the source and what it is called on the target. */
export type NameMapping = { readonly source: string; readonly destination: string };

/** Reads `name` or `source:destination`. What follows a second colon is ignored, as upstream does. */
export function parseMapping(entry: string): NameMapping {
  const [source = "", destination] = entry.split(":");
  return { source, destination: destination || source };
}

/** Writes `name` when both sides are the same, else `source:destination`. */
export function formatMapping({ source, destination }: NameMapping): string {
  return source === destination ? source : `${source}:${destination}`;
}

export function isRenamed({ source, destination }: NameMapping): boolean {
  return source !== destination;
}

/** The namespaces of a plan, an image migration or anything else that lists them. */
export function namespaceMappings(entries: readonly string[] | undefined): NameMapping[] {
  return (entries ?? []).map(parseMapping);
}

/** What Velero's `namespaceMapping` takes: the renamed ones only; undefined for none. */
export function veleroNamespaceMapping(
  entries: readonly string[] | undefined,
): Record<string, string> | undefined {
  const renamed = namespaceMappings(entries).filter(
    (mapping) => mapping.source !== "" && isRenamed(mapping),
  );
  return renamed.length === 0
    ? undefined
    : Object.fromEntries(renamed.map(({ source, destination }) => [source, destination]));
}

/** Something wrong with a list of namespace mappings, for a person to correct. */
export type MappingProblem = {
  readonly entry: string;
  readonly type:
    | "DuplicateNamespaceOnSourceCluster"
    | "DuplicateNamespaceOnDestinationCluster"
    | "NamespaceNotDNSCompliant";
  readonly message: string;
};

/** What is wrong with the namespaces of a plan, by the rules upstream has. */
export function mappingProblems(entries: readonly string[] | undefined): MappingProblem[] {
  const list = (entries ?? []).map((entry) => ({ entry, ...parseMapping(entry) }));
  return list.flatMap(({ entry, source, destination }, index): MappingProblem[] => {
    const earlier = list.slice(0, index);
    const name = dns1123LabelProblem(destination);
    return [
      ...(earlier.some((one) => one.source === source)
        ? [
            {
              entry,
              type: "DuplicateNamespaceOnSourceCluster" as const,
              message: `Namespace "${source}" is listed twice; list it once.`,
            },
          ]
        : []),
      ...(earlier.some((one) => one.destination === destination && one.source !== source)
        ? [
            {
              entry,
              type: "DuplicateNamespaceOnDestinationCluster" as const,
              message: `Two namespaces would become "${destination}" on the target; give one of them another name.`,
            },
          ]
        : []),
      ...(name ? [{ entry, type: "NamespaceNotDNSCompliant" as const, message: name }] : []),
    ];
  });
}
