import { bool, int, text } from "./variable.ts";

const transfer = { readBy: "transfer" } as const;

/** Options of rsync in direct volume migrations. */
export const rsyncVariables = {
  rsync_opt_bwlimit: int(undefined, {
    ...transfer,
    setsOn: "migration-controller/RSYNC_OPT_BWLIMIT",
    about: "Limits the rate to so many KiB per second; --bwlimit.",
  }),
  rsync_opt_archive: bool(true, {
    ...transfer,
    setsOn: "migration-controller/RSYNC_OPT_ARCHIVE",
    about: "Copies recursively with links, permissions, devices, times, owner and group.",
  }),
  rsync_opt_partial: bool(true, {
    ...transfer,
    setsOn: "migration-controller/RSYNC_OPT_PARTIAL",
    about: "Keeps partly copied files, so that a repeated copy goes on with them; --partial.",
  }),
  rsync_opt_delete: bool(true, {
    ...transfer,
    setsOn: "migration-controller/RSYNC_OPT_DELETE",
    about: "Deletes files on the target that the source does not have; --delete.",
  }),
  rsync_opt_hardlinks: bool(true, {
    ...transfer,
    setsOn: "migration-controller/RSYNC_OPT_HARDLINKS",
    about: "Keeps hard links; --hard-links.",
  }),
  rsync_opt_info: text("COPY2,DEL2,REMOVE2,SKIP2,FLIST2,PROGRESS2,STATS2", {
    ...transfer,
    setsOn: "migration-controller/RSYNC_OPT_INFO",
    about: "What rsync reports; --info.",
  }),
  rsync_opt_extras: text("", {
    ...transfer,
    setsOn: "migration-controller/RSYNC_OPT_EXTRAS",
    about: "More long options for rsync, separated by blanks, such as --acls --xattrs.",
  }),
  rsync_backoff_limit: int(20, {
    ...transfer,
    setsOn: "migration-controller/RSYNC_BACKOFF_LIMIT",
    about: "Attempts per volume; wins over a DirectVolumeMigration's backOffLimit.",
  }),
} as const;

/** Requests and limits of transfer pods. The CPU requests follow the product's documents. */
export const transferPodVariables = {
  source_rsync_pod_cpu_limits: text("1", {
    ...transfer,
    setsOn: "migration-controller/CLIENT_POD_CPU_LIMIT",
    about: "CPU limit of transfer pods on the source.",
  }),
  source_rsync_pod_memory_limits: text("1Gi", {
    ...transfer,
    setsOn: "migration-controller/CLIENT_POD_MEMORY_LIMIT",
    about: "Memory limit of transfer pods on the source.",
  }),
  source_rsync_pod_cpu_requests: text("400m", {
    ...transfer,
    setsOn: "migration-controller/CLIENT_POD_CPU_REQUEST",
    about: "CPU request of transfer pods on the source.",
  }),
  source_rsync_pod_memory_requests: text("1Gi", {
    ...transfer,
    setsOn: "migration-controller/CLIENT_POD_MEMORY_REQUEST",
    about: "Memory request of transfer pods on the source.",
  }),
  target_rsync_pod_cpu_limits: text("1", {
    ...transfer,
    setsOn: "migration-controller/TRANSFER_POD_CPU_LIMIT",
    about: "CPU limit of transfer pods on the target.",
  }),
  target_rsync_pod_cpu_requests: text("400m", {
    ...transfer,
    setsOn: "migration-controller/TRANSFER_POD_CPU_REQUEST",
    about: "CPU request of transfer pods on the target.",
  }),
  target_rsync_pod_memory_limits: text("1Gi", {
    ...transfer,
    setsOn: "migration-controller/TRANSFER_POD_MEMORY_LIMIT",
    about: "Memory limit of transfer pods on the target.",
  }),
  target_rsync_pod_memory_requests: text("1Gi", {
    ...transfer,
    setsOn: "migration-controller/TRANSFER_POD_MEMORY_REQUEST",
    about: "Memory request of transfer pods on the target.",
  }),
  stunnel_pod_cpu_limits: text("1", {
    ...transfer,
    setsOn: "migration-controller/STUNNEL_POD_CPU_LIMIT",
    about: "CPU limit of stunnel containers.",
  }),
  stunnel_pod_cpu_requests: text("100m", {
    ...transfer,
    setsOn: "migration-controller/STUNNEL_POD_CPU_REQUEST",
    about: "CPU request of stunnel containers.",
  }),
  stunnel_pod_memory_limits: text("1Gi", {
    ...transfer,
    setsOn: "migration-controller/STUNNEL_POD_MEMORY_LIMIT",
    about: "Memory limit of stunnel containers.",
  }),
  stunnel_pod_memory_requests: text("1Gi", {
    ...transfer,
    setsOn: "migration-controller/STUNNEL_POD_MEMORY_REQUEST",
    about: "Memory request of stunnel containers.",
  }),
} as const;

/** Privileges of transfer pods, and how the two sides find each other. */
export const endpointVariables = {
  migration_rsync_privileged: bool(false, {
    ...transfer,
    setsOn: "migration-cluster-config/RSYNC_PRIVILEGED",
    about: "Runs rsync privileged, as root.",
  }),
  migration_rsync_super_privileged: bool(false, {
    ...transfer,
    setsOn: "migration-cluster-config/RSYNC_SUPER_PRIVILEGED",
    about: "Runs rsync with SELinux type spc_t, which skips relabelling; set it on both clusters.",
  }),
  src_supplemental_groups: text(undefined, {
    ...transfer,
    setsOn: "migration-controller/SOURCE_SUPPLEMENTAL_GROUPS",
    about: "Comma-separated group numbers for transfer pods on the source.",
  }),
  target_supplemental_groups: text(undefined, {
    ...transfer,
    setsOn: "migration-controller/TARGET_SUPPLEMENTAL_GROUPS",
    about: "Comma-separated group numbers for transfer pods on the target.",
  }),
  rsync_endpoint_type: text("Route", {
    ...transfer,
    setsOn: "migration-cluster-config/RSYNC_ENDPOINT_TYPE",
    about: "Route, NodePort, ClusterIP or LoadBalancer; set it on the target cluster.",
  }),
  cluster_subdomain: text("", {
    ...transfer,
    setsOn: "migration-cluster-config/CLUSTER_SUBDOMAIN",
    about: "Suffix of route hosts; needed on the target for namespaces of more than 59 characters.",
  }),
} as const;
