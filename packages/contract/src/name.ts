import { z } from "zod";

/** A name of a resource Drover creates: DNS-1123, 3–63 characters, so that it also fits into a label value. */
export const ResourceName = z
  .string()
  .min(3, "Use at least 3 characters.")
  .max(63, "Use at most 63 characters.")
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    "Use lowercase letters, digits and dashes; begin and end with a letter or digit.",
  );

/** The name of a namespace on a cluster: 1–63 characters, as Kubernetes allows. */
export const NamespaceName = z
  .string()
  .min(1, "Enter a namespace name.")
  .max(63, "Use at most 63 characters.")
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    "Use lowercase letters, digits and dashes; begin and end with a letter or digit.",
  );

/** PEM text of one or more certificates. */
export const CertificateBundle = z
  .string()
  .regex(
    /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/,
    "Paste certificates in PEM form, beginning with -----BEGIN CERTIFICATE-----.",
  );
