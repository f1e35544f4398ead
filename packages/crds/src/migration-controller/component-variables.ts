import { bool, map, text } from "./variable.ts";

const operator = { readBy: "operator", setsOn: "the operator itself" } as const;

/** What is installed, and who this cluster is. */
export const componentVariables = {
  cluster_name: text(undefined, {
    ...operator,
    setsOn: "MigCluster metadata.name",
    about: "Name of the MigCluster for the local cluster. Required.",
  }),
  migration_controller: bool(undefined, {
    ...operator,
    about: "Installs the controller. Required.",
  }),
  migration_ui: bool(undefined, { ...operator, about: "Installs the console. Required." }),
  migration_velero: bool(undefined, { ...operator, about: "Installs Velero. Required." }),
  migration_log_reader: bool(true, { ...operator, about: "Installs the log reader." }),
  version: text(undefined, { ...operator, about: "Product version; the operator writes it." }),
  olm_managed: bool(false, {
    ...operator,
    readBy: "nobody",
    legacy: true,
    about: "No longer read.",
  }),
  azure_resource_group: text("", {
    ...operator,
    setsOn: "MigCluster spec.azureResourceGroup",
    about: "Resource group that holds in-cluster disks on Azure.",
  }),
  host_cluster_restart_restic: bool(undefined, {
    ...operator,
    setsOn: "MigCluster spec.restartRestic",
    about: "Overrides whether node agents restart once stage pods exist.",
  }),
  daemonset_node_selector: map(undefined, {
    readBy: "velero",
    setsOn: "node agent nodeSelector",
    about: "Nodes that backup daemonset pods may run on.",
  }),
  mig_namespace: text("openshift-migration", {
    ...operator,
    about: "Namespace of the installation.",
  }),
  mig_operator_version: text("latest", {
    readBy: "controller",
    setsOn: "migration-cluster-config/OPERATOR_VERSION",
    about: "Version that clusters compare with each other.",
  }),
  image_pull_policy: text("Always", {
    ...operator,
    about: "Pull policy of controller and console.",
  }),
  controller_state: text("absent", {
    ...operator,
    about: "Internal; follows migration_controller.",
  }),
  ui_state: text("absent", { ...operator, about: "Internal; follows migration_ui." }),
  velero_state: text("absent", { ...operator, about: "Internal; follows migration_velero." }),
  log_reader_state: text("absent", {
    ...operator,
    about: "Internal; follows migration_log_reader.",
  }),
  configmap_secret: text("", { ...operator, about: "Internal; the OAuth secret seen before." }),
  new_dpa: text(undefined, { ...operator, about: "Reserved; the operator computes it." }),
  oadp_version: text(undefined, { ...operator, about: "Reserved; the operator computes it." }),
  all_excluded_resources: text(undefined, {
    ...operator,
    about: "Reserved; the operator computes it.",
  }),
  mig_ui_url: text(undefined, { ...operator, about: "Reserved; the operator computes it." }),
  discovery_api_url: text(undefined, { ...operator, about: "Reserved; the operator computes it." }),
  skip_ui_restart: bool(undefined, { ...operator, about: "Reserved; the operator computes it." }),
  old_controller_detected: bool(undefined, {
    ...operator,
    about: "Reserved; the operator computes it.",
  }),
} as const;

const ui = { readBy: "console", setsOn: "mig-ui-config/migmeta.json" } as const;

/** Settings of upstream's console. */
export const consoleVariables = {
  mig_ui_cluster_api_endpoint: text("", { ...ui, about: "API server URL the console names." }),
  mig_ui_configmap_name: text("mig-ui-config", {
    ...ui,
    about: "Name of the console's ConfigMap.",
  }),
  mig_ui_configmap_data: map(undefined, {
    ...ui,
    about: "Replaces the console's whole configuration.",
  }),
  mig_ui_config_namespace: text("openshift-migration", {
    ...ui,
    about: "Namespace of cluster and repository Secrets; openshift-config where that exists.",
  }),
  mig_ui_oauth_user_scope: text("user:full", { ...ui, about: "OAuth scope that is asked for." }),
  mig_ui_oauth_redirect_url: text(undefined, { ...ui, about: "OAuth redirect URL." }),
  mig_ui_oauth_secret: text(undefined, { ...ui, about: "Secret of the OAuthClient." }),
  internal_cluster_api_url: text("https://kubernetes.default.svc.cluster.local", {
    ...ui,
    setsOn: "CLUSTER_API_URL of the console",
    about: "Where the console's proxy finds the API server.",
  }),
  internal_discovery_svc_url: text(undefined, {
    ...ui,
    setsOn: "DISCOVERY_SVC_URL of the console",
    about: "Where the console's proxy finds the discovery service.",
  }),
} as const;

const pod = { readBy: "controller", setsOn: "Deployment migration-controller" } as const;

/** The controller's own pod, discovery, cache and tracing. */
export const controllerPodVariables = {
  mig_controller_limits_cpu: text("1", { ...pod, about: "CPU limit of the controller." }),
  mig_controller_limits_memory: text("10Gi", { ...pod, about: "Memory limit of the controller." }),
  mig_controller_requests_cpu: text("100m", { ...pod, about: "CPU request of the controller." }),
  mig_controller_requests_memory: text("350Mi", {
    ...pod,
    about: "Memory request of the controller.",
  }),
  mig_controller_enable_cache: bool(false, {
    ...pod,
    setsOn: "migration-controller/ENABLE_CACHED_CLIENT",
    about: "Keeps caches of every cluster: faster discovery, more memory.",
  }),
  discovery_volume_path: text("/var/cache/discovery", {
    readBy: "discovery",
    setsOn: "migration-controller/WORKING_DIR",
    about: "Directory of the discovery database.",
  }),
  discovery_collect_events: bool(true, {
    readBy: "discovery",
    setsOn: "migration-controller/DISCOVERY_COLLECT_EVENTS",
    about: "Collects events; switch off in big clusters.",
  }),
  jaeger_enabled: bool(false, {
    ...pod,
    setsOn: "migration-controller/JAEGER_ENABLED",
    about: "Sends tracing spans.",
  }),
} as const;
