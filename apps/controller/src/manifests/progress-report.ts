import {
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  Label,
  LabelValue,
  apiVersionOf,
} from "@drover/crds";
import type { SetReference } from "@drover/crds";
import { RUN_LABEL, md5, transferNames } from "./transfer-run.ts";
import type { TransferRun, VolumeCopy } from "./transfer-run.ts";

/** Says how far the copy of one claim came; goes away with its DirectVolumeMigration. */
export function progressReport(
  run: TransferRun,
  copy: VolumeCopy,
  at: { readonly namespace: string; readonly source: SetReference },
): DirectVolumeMigrationProgress {
  return {
    apiVersion: apiVersionOf(DirectVolumeMigrationProgress),
    kind: DirectVolumeMigrationProgress.kind,
    metadata: {
      name: transferNames.progress(run, copy),
      namespace: at.namespace,
      labels: {
        ...run.migrationLabels,
        [Label.partOf]: LabelValue.partOf,
        [RUN_LABEL]: run.uid,
      },
      ownerReferences: [
        {
          apiVersion: apiVersionOf(DirectVolumeMigration),
          kind: DirectVolumeMigration.kind,
          name: run.name,
          uid: run.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      clusterRef: { namespace: at.source.namespace, name: at.source.name },
      podNamespace: copy.claim.namespace,
      podSelector: { [Label.createdForPvc]: md5(copy.claim.name), [RUN_LABEL]: run.uid },
    },
  };
}
