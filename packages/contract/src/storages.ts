import { z } from "zod";
import { CertificateBundle, ResourceName } from "./name.ts";
import { writeOnly } from "./write-only.ts";

/** S3's own rules for bucket names. */
export const BucketName = z
  .string()
  .min(3, "Use at least 3 characters.")
  .max(63, "Use at most 63 characters.")
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])$/,
    "Use lowercase letters, digits, dots and dashes; begin and end with a letter or digit.",
  )
  .refine((name) => !/[.-]{2}/.test(name), "Do not put dots or dashes next to each other.")
  .refine(
    (name) => !/^\d+\.\d+\.\d+\.\d+$/.test(name),
    "A bucket name must not look like an IP address.",
  );

const s3Fields = {
  bucket: BucketName,
  region: z.string().max(64).optional(),
  /** Absent for AWS itself. */
  url: z.url("Enter the endpoint's URL, for example https://s3.example.com.").optional(),
  insecure: z.boolean().default(false),
  caBundle: CertificateBundle.optional(),
};

/** `POST /api/storages`: makes the MigStorage and the Secret with its keys; both or neither. */
export const CreateStorage = z.strictObject({
  name: ResourceName,
  provider: z.literal("aws"),
  accessKey: z.string().min(1, "Enter the access key.").max(256).meta(writeOnly),
  secretKey: z.string().min(1, "Enter the secret key.").max(256).meta(writeOnly),
  ...s3Fields,
});
export type CreateStorage = z.infer<typeof CreateStorage>;

/** `PUT /api/storages/:name`: absent keys keep those there are; both or neither are given. */
export const UpdateStorage = z.strictObject({
  accessKey: z.string().min(1).max(256).meta(writeOnly).optional(),
  secretKey: z.string().min(1).max(256).meta(writeOnly).optional(),
  ...s3Fields,
});
export type UpdateStorage = z.infer<typeof UpdateStorage>;
