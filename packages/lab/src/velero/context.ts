import { createHash } from "node:crypto";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError, type Cluster } from "@drover/kube";
import type { Logger } from "pino";
import type { UploadBoard } from "./upload-board.ts";

/** What every part of one cluster's Velero works with. */
export type VeleroContext = {
  readonly cluster: Cluster;
  readonly clusterName: string;
  /** Where the Velero objects live. */
  readonly namespace: string;
  readonly volumeDir: (volumeName: string) => Promise<string | undefined>;
  readonly stateDir: string;
  /** Where restic is looked for. */
  readonly searchPath: string;
  readonly board: UploadBoard;
  readonly logger: Logger;
  /** Aborts when Velero stops. */
  readonly signal: AbortSignal;
};

type Kind<T extends KubeObject> = ResourceKind<T> & { readonly statusSubresource?: boolean };

/** Merges into the status of one of Velero's objects. False when the object is gone. */
export async function patchStatus<T extends KubeObject>(
  { cluster, namespace }: Pick<VeleroContext, "cluster" | "namespace">,
  kind: Kind<T>,
  change: { readonly name: string; readonly status: object },
): Promise<boolean> {
  const ref = { name: change.name, namespace };
  const patch = { type: "merge", body: { status: change.status } } as const;
  try {
    if (kind.statusSubresource === true) {
      await cluster.patchSubresource(kind, ref, "status", patch);
    } else {
      await cluster.patch(kind, ref, patch);
    }
    return true;
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return false;
    throw error;
  }
}

/** A value for a label: names over 63 characters are cut and told apart by a hash, as Velero does it. */
export function labelValue(name: string): string {
  if (name.length <= 63) return name;
  return name.slice(0, 57) + createHash("sha256").update(name).digest("hex").slice(0, 6);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function nowText(): string {
  return new Date().toISOString().replace(/\.\d{3}Z$/, "Z");
}
