import { bool, int, text, texts } from "./variable.ts";

const gone = { readBy: "nobody", setsOn: "nothing", legacy: true } as const;

/** Variables of older versions: accepted, kept, without effect. */
export const legacyVariables = {
  mig_failure_rollback: bool(false, { ...gone, about: "Rolled failed migrations back." }),
  deprecated_cors_configuration: bool(false, { ...gone, about: "CORS as OpenShift 4.1 had it." }),
  cors_origins: texts([], { ...gone, about: "Origins for CORS." }),
  velero_debug: bool(undefined, { ...gone, about: "Replaced by velero_log_level." }),
  velero_qps: int(100, { ...gone, about: "Request rate of Velero." }),
  velero_burst: int(1000, { ...gone, about: "Request burst of Velero." }),
  velero_image_fqin: text(undefined, { ...gone, about: "Replaced by oadp_velero_image_fqin." }),
  velero_plugin_fqin: text(undefined, {
    ...gone,
    about: "Replaced by oadp_openshift_plugin_fqin.",
  }),
  velero_aws_plugin_fqin: text(undefined, { ...gone, about: "Replaced by oadp_aws_plugin_fqin." }),
  velero_gcp_plugin_fqin: text(undefined, { ...gone, about: "Replaced by oadp_gcp_plugin_fqin." }),
  velero_azure_plugin_fqin: text(undefined, {
    ...gone,
    about: "Replaced by oadp_azure_plugin_fqin.",
  }),
  velero_restic_restore_helper_fqin: text(undefined, {
    ...gone,
    about: "Replaced by oadp_restic_restore_helper_fqin.",
  }),
  noobaa: bool(false, { ...gone, about: "Installed NooBaa." }),
  noobaa_s3_access_key_id: text(undefined, { ...gone, about: "Access key of NooBaa." }),
  noobaa_s3_secret_access_key: text(undefined, { ...gone, about: "Secret key of NooBaa." }),
  noobaa_s3_url: text(undefined, { ...gone, about: "Endpoint of NooBaa." }),
  noobaa_mig_bucket_name: text("mig-storage", { ...gone, about: "Bucket in NooBaa." }),
} as const;
