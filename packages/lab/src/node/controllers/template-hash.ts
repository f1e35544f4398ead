import { createHash } from "node:crypto";
import type { PodTemplate } from "../kinds/pod.ts";

/** The label that tells apart the pods of different templates of one deployment. */
export const hashLabel = "pod-template-hash";

// Without vowels and what looks alike, so that no word comes out by accident; the same letters Kubernetes uses.
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** A short name for what a pod template says; the hash label itself does not count. */
export function templateHash(template: PodTemplate): string {
  const digest = createHash("sha256")
    .update(canonical(withoutHashLabel(template)))
    .digest();
  return Array.from(digest.subarray(0, 10), (byte) => alphabet[byte % alphabet.length]).join("");
}

function withoutHashLabel(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const { annotations = {} } = template.metadata ?? {};
  return { spec: template.spec, metadata: { labels, annotations } };
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined && entry !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join()}}`;
}
