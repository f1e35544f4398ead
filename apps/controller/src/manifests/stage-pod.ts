import {
  Annotation,
  Label,
  LabelValue,
  MigPlan,
  Pod,
  apiVersionOf,
  correlationKey,
} from "@drover/crds";
import type { ClaimMapping } from "@drover/crds";
import { migrationLabels } from "./migration-run.ts";
import type { MigrationRun } from "./migration-run.ts";
import { shortHash } from "./transfer-run.ts";

export const STAGE_PODS = `${Label.stagePod}=${LabelValue.true}`;

type Options = {
  readonly image: string;
  /** The node of a running pod that mounts the claim: a volume may be attached to one node only. */
  readonly nodeName: string | undefined;
};

/** Holds a claim mounted, so that Velero's node agent can read it while no application does. */
export function stagePod(
  run: MigrationRun,
  { namespace, claim, volume }: ClaimMapping,
  { image, nodeName }: Options,
): Pod {
  return {
    apiVersion: apiVersionOf(Pod),
    kind: Pod.kind,
    metadata: {
      name: `stage-${shortHash(`${run.uid}/${namespace.source}/${claim.source}`)}`,
      namespace: namespace.source,
      labels: {
        ...migrationLabels(run),
        [correlationKey(MigPlan)]: run.plan.metadata.uid ?? "",
        [Label.includedInStageBackup]: run.uid,
        [Label.stagePod]: LabelValue.true,
      },
      annotations: {
        [Annotation.backupVolumes]: "stage",
        ...(volume.selection.verify ? { [Annotation.verifyVolumes]: "stage" } : {}),
      },
    },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      ...(nodeName === undefined ? {} : { nodeName }),
      containers: [
        {
          name: "sleep-0",
          image,
          args: ["idle"],
          resources: {
            requests: { cpu: "100m", memory: "128Mi" },
            limits: { cpu: "100m", memory: "128Mi" },
          },
          volumeMounts: [{ name: "stage", mountPath: "/var/data" }],
        },
      ],
      volumes: [{ name: "stage", persistentVolumeClaim: { claimName: claim.source } }],
    },
  };
}
