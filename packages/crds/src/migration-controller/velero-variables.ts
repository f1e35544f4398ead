import { bool, ints, text } from "./variable.ts";

const velero = { readBy: "velero", setsOn: "DataProtectionApplication velero" } as const;

/** Velero and its node agents. */
export const veleroVariables = {
  restic_timeout: text("1h", {
    ...velero,
    about: "How long all volume backups may take, as 3h30m15s.",
  }),
  restic_supplemental_groups: ints([], {
    ...velero,
    about: "Group numbers for node agent pods; one number is taken as a list of one.",
  }),
  restic_pv_host_path: text("/var/lib/kubelet/pods", {
    ...velero,
    readBy: "nobody",
    legacy: true,
    about: "No longer read.",
  }),
  restic_requests_cpu: text("100m", { ...velero, about: "CPU request of node agents." }),
  restic_requests_memory: text(undefined, { ...velero, about: "Memory request of node agents." }),
  restic_limits_cpu: text(undefined, { ...velero, about: "CPU limit of node agents." }),
  restic_limits_memory: text(undefined, { ...velero, about: "Memory limit of node agents." }),
  velero_requests_cpu: text("100m", { ...velero, about: "CPU request of Velero." }),
  velero_requests_memory: text(undefined, { ...velero, about: "Memory request of Velero." }),
  velero_limits_cpu: text(undefined, { ...velero, about: "CPU limit of Velero." }),
  velero_limits_memory: text(undefined, { ...velero, about: "Memory limit of Velero." }),
  velero_log_level: text(undefined, { ...velero, about: "Log level of Velero." }),
  velero_use_legacy_aws: bool(false, {
    ...velero,
    about: "Takes the older AWS plugin, for S3 stores that the newer SDK breaks.",
  }),
  velero_aws_secret_name: text("cloud-credentials", {
    ...velero,
    about: "Secret with AWS credentials.",
  }),
  velero_gcp_secret_name: text("cloud-credentials-gcp", {
    ...velero,
    about: "Secret with GCP credentials.",
  }),
  velero_azure_secret_name: text("cloud-credentials-azure", {
    ...velero,
    about: "Secret with Azure credentials.",
  }),
  oadp_velero_image_fqin: text(undefined, { ...velero, about: "Image of Velero." }),
  oadp_openshift_plugin_fqin: text(undefined, {
    ...velero,
    about: "Image of the OpenShift plugin.",
  }),
  oadp_restic_restore_helper_fqin: text(undefined, {
    ...velero,
    about: "Image of the restore helper.",
  }),
  oadp_aws_plugin_fqin: text(undefined, { ...velero, about: "Image of the AWS plugin." }),
  oadp_azure_plugin_fqin: text(undefined, { ...velero, about: "Image of the Azure plugin." }),
  oadp_gcp_plugin_fqin: text(undefined, { ...velero, about: "Image of the GCP plugin." }),
} as const;
