import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { Base64 } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { ageColumn, column, readyColumn } from "./printer-columns.ts";

const Spec = z.looseObject({
  isHostCluster: z.boolean().describe("True for the cluster the controller itself runs on."),
  url: z.string().optional().describe("API server URL of a remote cluster; http or https."),
  serviceAccountSecretRef: ObjectReference.optional().describe(
    "Secret that holds the service account token in key saToken; needed for a remote cluster.",
  ),
  caBundle: Base64.optional().describe(
    "PEM bundle for the remote API, in base64; not used when insecure.",
  ),
  insecure: z.boolean().optional().describe("Skips TLS verification of the remote API."),
  azureResourceGroup: z
    .string()
    .optional()
    .describe("Resource group of in-cluster volumes on Azure."),
  restartRestic: z
    .boolean()
    .optional()
    .describe("Overrides whether node agents restart on the source once stage pods exist."),
  refresh: z
    .boolean()
    .optional()
    .describe("Validates again; the controller sets it back to false."),
  exposedRegistryPath: z
    .string()
    .optional()
    .describe("Host under which the image registry is reachable from outside, without scheme."),
});

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string().optional(),
  registryPath: z.string().optional().describe("The registry address in effect."),
  operatorVersion: z.string().optional().describe("OPERATOR_VERSION of that cluster."),
});

/** A cluster that migrations can start from or go to. */
export const MigCluster = defineKind({
  ...migrationGroup,
  kind: "MigCluster",
  plural: "migclusters",
  printerColumns: [
    readyColumn,
    column("URL", ".spec.url"),
    { name: "Host", type: "boolean", jsonPath: ".spec.isHostCluster" },
    ageColumn,
  ],
  fields: { spec: Spec.prefault({ isHostCluster: false }), status: Status.optional() },
});
export type MigCluster = z.infer<typeof MigCluster.schema>;
