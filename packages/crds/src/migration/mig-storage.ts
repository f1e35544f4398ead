import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { Base64 } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { ageColumn, column, readyColumn } from "./printer-columns.ts";

const BackupStorageConfig = z.looseObject({
  credsSecretRef: ObjectReference.optional().describe(
    "Secret with the credentials of the object store.",
  ),
  awsBucketName: z.string().optional(),
  awsRegion: z.string().optional().describe("us-east-1 when absent."),
  awsS3ForcePathStyle: z
    .boolean()
    .optional()
    .describe("Has no effect: path style is on when a URL is set."),
  awsS3Url: z
    .string()
    .optional()
    .describe("Endpoint of an S3 store other than AWS; http or https."),
  awsPublicUrl: z.string().optional().describe("Public endpoint; used when awsS3Url is empty."),
  awsKmsKeyId: z.string().optional(),
  awsSignatureVersion: z.string().optional().describe("Empty, 1 or 4."),
  s3CustomCABundle: Base64.optional().describe("PEM bundle for the S3 endpoint, in base64."),
  insecure: z.boolean().optional().describe("Skips TLS verification of the S3 endpoint."),
  azureResourceGroup: z.string().optional(),
  azureStorageAccount: z.string().optional(),
  azureStorageContainer: z.string().optional(),
  gcpBucket: z.string().optional(),
});
export type BackupStorageConfig = z.infer<typeof BackupStorageConfig>;

const VolumeSnapshotConfig = z.looseObject({
  credsSecretRef: ObjectReference.optional(),
  snapshotCreationTimeout: z.string().optional().describe("A Go duration such as 10m."),
  awsRegion: z.string().optional(),
  azureApiTimeout: z.string().optional(),
  azureResourceGroup: z.string().optional(),
});

const Spec = z.looseObject({
  backupStorageProvider: openString("aws", "gcp", "azure"),
  backupStorageConfig: BackupStorageConfig,
  volumeSnapshotProvider: openString("", "aws", "gcp", "azure").optional(),
  volumeSnapshotConfig: VolumeSnapshotConfig.optional(),
  refresh: z
    .boolean()
    .optional()
    .describe("Validates again; the controller sets it back to false."),
});

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string().optional(),
});

/** A replication repository: an object store that both clusters of a migration reach. */
export const MigStorage = defineKind({
  ...migrationGroup,
  kind: "MigStorage",
  plural: "migstorages",
  printerColumns: [
    readyColumn,
    column("BackupStorageProvider", ".spec.backupStorageProvider"),
    column("VolumeSnapshotProvider", ".spec.volumeSnapshotProvider"),
    ageColumn,
  ],
  fields: {
    spec: Spec,
    status: Status.optional(),
  },
});
export type MigStorage = z.infer<typeof MigStorage.schema>;
