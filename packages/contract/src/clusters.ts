import { z } from "zod";
import { CertificateBundle, NamespaceName, ResourceName } from "./name.ts";
import { writeOnly } from "./write-only.ts";

const httpsUrl = z
  .url("Enter the API server's URL, for example https://api.cluster.example.com:6443.")
  .refine((url) => url.startsWith("https://"), "The URL must begin with https://.");

const clusterFields = {
  url: httpsUrl,
  /** Host of the exposed image registry route; without scheme. */
  exposedRegistryPath: z.string().max(253).optional(),
  /** False verifies the server's certificate, with `caBundle` when given. */
  insecure: z.boolean().default(false),
  caBundle: CertificateBundle.optional(),
  azureResourceGroup: z.string().max(90).optional(),
};

/** `POST /api/clusters`: makes the MigCluster and the Secret with its token; both or neither. */
export const CreateCluster = z.strictObject({
  name: ResourceName,
  token: z.string().min(1, "Enter the service account token.").max(16_384).meta(writeOnly),
  ...clusterFields,
});
export type CreateCluster = z.infer<typeof CreateCluster>;

/** `PUT /api/clusters/:name`: an absent token keeps the one there is. */
export const UpdateCluster = z.strictObject({
  token: z.string().min(1).max(16_384).meta(writeOnly).optional(),
  ...clusterFields,
});
export type UpdateCluster = z.infer<typeof UpdateCluster>;

/** `POST /api/clusters/check`: tries a connection before anything is saved. `name` reuses a saved token. */
export const CheckCluster = z.strictObject({
  name: ResourceName.optional(),
  token: z.string().min(1).max(16_384).meta(writeOnly).optional(),
  url: httpsUrl,
  insecure: z.boolean().default(false),
  caBundle: CertificateBundle.optional(),
});
export type CheckCluster = z.infer<typeof CheckCluster>;

/** One step of a connection check; `skipped` when an earlier one failed. */
export const CheckStep = z.object({
  id: z.enum(["resolve", "connect", "tls", "sign-in", "permissions", "version"]),
  title: z.string(),
  state: z.enum(["passed", "failed", "skipped"]),
  /** What was found, and for a failure what to do. */
  detail: z.string().optional(),
});
export type CheckStep = z.infer<typeof CheckStep>;

/** The certificate a server showed when it could not be verified. */
export const ShownCertificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  validTo: z.string(),
  /** SHA-256, hex pairs with colons. */
  fingerprint: z.string(),
  pem: z.string(),
});

export const ConnectionCheck = z.object({
  ok: z.boolean(),
  steps: z.array(CheckStep),
  certificate: ShownCertificate.optional(),
});
export type ConnectionCheck = z.infer<typeof ConnectionCheck>;

/** `GET /api/clusters/:name/namespaces?search=&page=&perPage=`: one page, searched on the server. */
export const NamespaceQuery = z.object({
  search: z.string().max(63).optional(),
  page: z.coerce.number().int().min(1).default(1),
  perPage: z.coerce.number().int().min(1).max(100).default(10),
});
export const ClusterNamespace = z.object({
  name: NamespaceName,
  pods: z.number().int(),
  claims: z.number().int(),
  services: z.number().int(),
});
export type ClusterNamespace = z.infer<typeof ClusterNamespace>;
export const NamespacePage = z.object({
  items: z.array(ClusterNamespace),
  total: z.number().int(),
});
export type NamespacePage = z.infer<typeof NamespacePage>;

/** `GET /api/clusters/:name/storage-classes`. */
export const ClusterStorageClass = z.object({
  name: z.string(),
  provisioner: z.string(),
  isDefault: z.boolean(),
});
export const StorageClassList = z.object({ items: z.array(ClusterStorageClass) });
export type StorageClassList = z.infer<typeof StorageClassList>;
