import { Namespace, PersistentVolumeClaim, apiVersionOf } from "@drover/crds";
import { RUN_LABEL } from "./transfer-run.ts";
import type { TransferRun, VolumeCopy } from "./transfer-run.ts";

const OWNED_BY_CLUSTER = [
  "kubernetes.io/metadata.name",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** The namespace a source namespace becomes, with its labels and annotations: they hold UID ranges and security levels. */
export function targetNamespace(source: Namespace, name: string): Namespace {
  return {
    apiVersion: apiVersionOf(Namespace),
    kind: Namespace.kind,
    metadata: {
      name,
      labels: withoutClusterOwned(source.metadata.labels),
      annotations: withoutClusterOwned(source.metadata.annotations),
    },
  };
}

/** The claim a volume is copied to: as the source's, but for class, modes and what ties it to its volume. */
export function targetClaim(
  run: TransferRun,
  copy: VolumeCopy,
  source: PersistentVolumeClaim,
): PersistentVolumeClaim {
  const {
    volumeName: _volumeName,
    dataSource: _dataSource,
    dataSourceRef: _dataSourceRef,
    storageClassName,
    ...spec
  } = source.spec;
  const storageClass = copy.storageClass ?? storageClassName;
  return {
    apiVersion: apiVersionOf(PersistentVolumeClaim),
    kind: PersistentVolumeClaim.kind,
    metadata: {
      name: copy.target.name,
      namespace: copy.target.namespace,
      labels: { ...source.metadata.labels, ...run.migrationLabels, [RUN_LABEL]: run.uid },
    },
    spec: {
      ...spec,
      ...(copy.accessModes === undefined || copy.accessModes.length === 0
        ? {}
        : { accessModes: [...copy.accessModes] }),
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
}

function withoutClusterOwned(
  entries: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries ?? {}).filter(([key]) => !OWNED_BY_CLUSTER.includes(key)),
  );
}
