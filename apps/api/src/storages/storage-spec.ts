import { Annotation } from "@drover/crds";
import type { MigStorage } from "@drover/crds";

type S3Form = {
  readonly bucket: string;
  readonly region?: string | undefined;
  readonly url?: string | undefined;
  readonly insecure: boolean;
  readonly caBundle?: string | undefined;
};

export function secretData(keys: {
  readonly accessKey: string;
  readonly secretKey: string;
}): Record<string, string> {
  const encode = (text: string): string => Buffer.from(text.trim(), "utf8").toString("base64");
  return {
    "aws-access-key-id": encode(keys.accessKey),
    "aws-secret-access-key": encode(keys.secretKey),
  };
}

/** The settings of the S3 store, with `null` for what the form leaves out, as a merge patch wants it. */
export function s3Settings(form: S3Form) {
  return {
    awsBucketName: form.bucket,
    awsRegion: form.region?.trim() || null,
    awsS3Url: form.url?.trim() || null,
    insecure: form.insecure,
    s3CustomCABundle:
      form.caBundle === undefined ? null : Buffer.from(form.caBundle, "utf8").toString("base64"),
  };
}

function withoutNulls<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], null> } {
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], null> };
}

type Ref = { readonly name: string; readonly namespace: string };

/** The replication repository a form describes; the same Secret serves backups and snapshots. */
export function storageFrom(
  form: S3Form & { readonly name: string },
  secret: Ref,
): Pick<MigStorage, "spec"> & {
  readonly annotations: Record<string, string>;
} {
  const settings = withoutNulls(s3Settings(form));
  const credsSecretRef = { ...secret };
  return {
    annotations: { [Annotation.storageIsAwsS3]: String(form.url === undefined) },
    spec: {
      backupStorageProvider: "aws",
      backupStorageConfig: { ...settings, credsSecretRef },
      volumeSnapshotProvider: "aws",
      volumeSnapshotConfig: {
        credsSecretRef,
        ...(form.region === undefined ? {} : { awsRegion: form.region.trim() }),
      },
    },
  };
}
