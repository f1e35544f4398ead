import { S3Client } from "@aws-sdk/client-s3";
import type { MigStorage, Secret } from "@drover/crds";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { secretValue } from "./provider-settings.ts";

/** Where a bucket is and how to sign in to it. */
export type S3Target = {
  readonly bucket: string;
  readonly region: string;
  /** Absent for AWS itself. */
  readonly endpoint: string | undefined;
  readonly caPem: string | undefined;
  readonly insecure: boolean;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

export function s3Target(
  config: MigStorage["spec"]["backupStorageConfig"],
  secret: Secret,
): S3Target {
  const bundle = config.s3CustomCABundle;
  return {
    bucket: config.awsBucketName ?? "",
    region: config.awsRegion || "us-east-1",
    endpoint: config.awsS3Url || config.awsPublicUrl || undefined,
    caPem: bundle ? Buffer.from(bundle, "base64").toString("utf8") : undefined,
    insecure: config.insecure ?? false,
    accessKeyId: secretValue(secret, "aws-access-key-id"),
    secretAccessKey: secretValue(secret, "aws-secret-access-key"),
  };
}

/** A client that tries once: a probe that fails says so, and is repeated later. */
export function s3Client(target: S3Target): S3Client {
  const { region, endpoint, accessKeyId, secretAccessKey } = target;
  return new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Stores other than AWS answer under one host name, with the bucket in the path.
    forcePathStyle: endpoint !== undefined,
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 1,
    followRegionRedirects: false,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 15_000,
      httpAgent: new HttpAgent(),
      httpsAgent: new HttpsAgent({
        rejectUnauthorized: !target.insecure,
        ...(target.caPem === undefined ? {} : { ca: target.caPem }),
      }),
    },
  });
}
