import type { ClusterRole } from "@drover/contract";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster, ListOptions } from "@drover/kube";
import { AppError } from "../../app-error.ts";

/** Reads one of the plan's clusters for the tree. What cannot be read is missing from the tree, and named. */
export type ClusterReader = {
  readonly name: string;
  readonly role: ClusterRole;
  readonly list: <T extends KubeObject>(
    kind: ResourceKind<T>,
    options?: ListOptions,
  ) => Promise<readonly T[]>;
  readonly find: <T extends KubeObject>(
    kind: ResourceKind<T>,
    ref: { readonly name: string; readonly namespace?: string },
  ) => Promise<T | undefined>;
  /** The first reason why something could not be read. */
  readonly missing: () => string | undefined;
};

type Open = {
  readonly name: string;
  readonly role: ClusterRole;
  readonly open: () => Promise<Cluster>;
};

function reasonOf(error: unknown): string {
  if (error instanceof AppError || error instanceof KubeError) return error.message;
  throw error;
}

export async function openClusterReader({ name, role, open }: Open): Promise<ClusterReader> {
  let reason: string | undefined;
  const orElse = async <R>(read: () => Promise<R>, otherwise: R): Promise<R> => {
    try {
      return await read();
    } catch (error) {
      // A kind the cluster does not serve, such as Routes outside OpenShift, has no objects.
      if (!(error instanceof KubeError && error.isNotFound)) reason ??= reasonOf(error);
      return otherwise;
    }
  };
  const cluster = await orElse<Cluster | undefined>(open, undefined);
  return {
    name,
    role,
    list: (kind, options) =>
      cluster === undefined ? Promise.resolve([]) : orElse(() => cluster.list(kind, options), []),
    find: (kind, ref) =>
      cluster === undefined
        ? Promise.resolve(undefined)
        : orElse(() => cluster.find(kind, ref), undefined),
    missing: () => reason,
  };
}
