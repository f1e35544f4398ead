import { nameOf, namespaceOf, uidOf } from "../kinds/lab-kind.ts";
import type { Pod } from "../kinds/pod.ts";

/** What a `fieldRef` of an environment variable or a downward API file names. Throws when the lab knows no such field. */
export function podField(pod: Pod, fieldPath: string, podIP: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath) ?? [];
  if (key !== undefined) return entriesOf(pod, map)[key] ?? "";
  switch (fieldPath) {
    case "metadata.name":
      return nameOf(pod);
    case "metadata.namespace":
      return namespaceOf(pod);
    case "metadata.uid":
      return uidOf(pod);
    case "metadata.labels":
    case "metadata.annotations":
      return lines(entriesOf(pod, fieldPath.slice("metadata.".length)));
    default:
      return specField(pod, fieldPath, podIP);
  }
}

function specField(pod: Pod, fieldPath: string, podIP: string): string {
  switch (fieldPath) {
    case "spec.nodeName":
      return pod.spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "default";
    case "status.podIP":
    case "status.podIPs":
      return podIP;
    case "status.hostIP":
    case "status.hostIPs":
      return "127.0.0.1";
    default:
      throw new Error(`The field ${fieldPath} of a pod is not known here.`);
  }
}

function entriesOf(pod: Pod, map: string | undefined): Record<string, string> {
  return (map === "labels" ? pod.metadata.labels : pod.metadata.annotations) ?? {};
}

function lines(entries: Record<string, string>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort()
    .join("\n");
}
