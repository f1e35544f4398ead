import { bool, int, text, texts } from "./variable.ts";

/** Resources that no plan migrates unless `excluded_resources` says otherwise. */
export const defaultExcludedResources = [
  "imagetags",
  "templateinstances",
  "clusterserviceversions",
  "packagemanifests",
  "subscriptions",
  "servicebrokers",
  "servicebindings",
  "serviceclasses",
  "serviceinstances",
  "serviceplans",
  "operatorgroups",
  "events",
  "events.events.k8s.io",
  "rolebindings.authorization.openshift.io",
] as const;

/** Limits of a plan. */
export const limitVariables = {
  mig_pv_limit: int(100, {
    readBy: "plan",
    setsOn: "migration-controller/PV_LIMIT",
    about: "More volumes than this raise the warning PvLimitExceeded.",
  }),
  mig_pod_limit: int(100, {
    readBy: "plan",
    setsOn: "migration-controller/POD_LIMIT",
    about: "More running pods than this raise the warning PodLimitExceeded.",
  }),
  mig_namespace_limit: int(10, {
    readBy: "plan",
    setsOn: "migration-controller/NAMESPACE_LIMIT",
    about: "More namespaces than this block the plan with NamespaceLimitExceeded.",
  }),
} as const;

const excluded = { readBy: "plan", setsOn: "EXCLUDED_RESOURCES of the controller" } as const;

/** What is left out of a migration. */
export const exclusionVariables = {
  excluded_resources: texts(defaultExcludedResources, {
    ...excluded,
    about: "Replaces the list of resources that are not migrated.",
  }),
  additional_excluded_resources: texts(undefined, {
    ...excluded,
    about: "Adds to the list of resources that are not migrated.",
  }),
  disable_image_migration: bool(false, {
    ...excluded,
    about: "Leaves out imagestreams and imagestreamtags.",
  }),
  disable_image_copy: bool(false, {
    readBy: "controller",
    setsOn: "migration-controller/DISABLE_IMAGE_COPY",
    about: "Migrates image streams as objects, without their layers.",
  }),
  disable_pv_migration: bool(false, {
    ...excluded,
    about: "Leaves out persistentvolumes and persistentvolumeclaims, and their discovery.",
  }),
  mig_pv_move_storageclasses: texts([], {
    readBy: "plan",
    setsOn: "PV_MOVE_STORAGECLASSES of the controller",
    about: "Storage classes, beside NFS and in-tree EBS, whose volumes may be moved.",
  }),
} as const;

/** Resizing of volumes. */
export const resizeVariables = {
  enable_intelligent_pv_resize: bool(true, {
    readBy: "plan",
    setsOn: "migration-controller/ENABLE_INTELLIGENT_PV_RESIZE",
    about: "Measures volumes of a plan and proposes sizes.",
  }),
  enable_dvm_pv_resizing: bool(false, {
    readBy: "transfer",
    setsOn: "migration-controller/ENABLE_DVM_PV_RESIZING",
    about: "Creates claims on the target with the proposed size.",
  }),
  pv_resizing_threshold: int(3, {
    readBy: "analytic",
    setsOn: "migration-controller/PV_RESIZING_USAGE_THRESHOLD",
    about: "Percent of headroom; 1 to 99.",
  }),
} as const;

const proxied = { readBy: "controller", setsOn: "Secret migration-proxy" } as const;
const stunnel = { readBy: "transfer" } as const;

/** Proxies and the tunnel of direct volume migrations. */
export const proxyVariables = {
  http_proxy: text(undefined, { ...proxied, about: "Proxy for http; httpProxy is the same." }),
  https_proxy: text(undefined, { ...proxied, about: "Proxy for https; httpsProxy is the same." }),
  no_proxy: text(undefined, {
    ...proxied,
    about:
      "Comma-separated hosts, domains and networks that bypass the proxy; noProxy is the same.",
  }),
  proxy_secret_name: text("migration-proxy", {
    ...proxied,
    about: "Secret with the proxy settings.",
  }),
  stunnel_tcp_proxy: text("", {
    ...stunnel,
    setsOn: "migration-controller/STUNNEL_TCP_PROXY",
    about: "http://user:password@host:port of a proxy that tunnels TCP; basic authentication only.",
  }),
  stunnel_verify_ca: bool(true, {
    ...stunnel,
    setsOn: "migration-controller/STUNNEL_VERIFY_CA",
    about: "Verifies the other end's certificate authority.",
  }),
  stunnel_verify_ca_level: text("2", {
    ...stunnel,
    setsOn: "migration-controller/STUNNEL_VERIFY_CA_LEVEL",
    about: "How strictly stunnel verifies; see its option verify.",
  }),
} as const;

/** The registry of indirect image migrations, and the test of exposed registries. */
export const registryVariables = {
  migration_registry_liveness_timeout: int(300, {
    readBy: "registry",
    setsOn: "migration-cluster-config/REGISTRY_LIVENESS_TIMEOUT",
    about: "Seconds of the liveness probe.",
  }),
  migration_registry_readiness_timeout: int(300, {
    readBy: "registry",
    setsOn: "migration-cluster-config/REGISTRY_READINESS_TIMEOUT",
    about: "Seconds of the readiness probe.",
  }),
  exposed_registry_validation_path: text("/v2/_catalog?n=5", {
    readBy: "controller",
    setsOn: "migration-cluster-config/REGISTRY_VALIDATION_SUBPATH",
    about: "Path that is asked to see whether an exposed registry answers.",
  }),
} as const;
