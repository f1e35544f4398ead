import { defaultExcludedResources } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { readConfigMapValues } from "./config-map-values.ts";
import type { ConfigMapValues } from "./config-map-values.ts";

export type PodResources = {
  readonly cpuLimit: string | undefined;
  readonly memoryLimit: string | undefined;
  readonly cpuRequest: string;
  readonly memoryRequest: string;
};

export type RsyncSettings = {
  readonly archive: boolean;
  readonly partial: boolean;
  readonly delete: boolean;
  readonly hardlinks: boolean;
  /** KiB per second; no limit when absent. */
  readonly bandwidthLimit: number | undefined;
  readonly info: string | undefined;
  /** Further options; each has been checked to be one option of rsync. */
  readonly extras: readonly string[];
  /** Tries per volume. */
  readonly backoffLimit: number;
};

/** What the host's ConfigMap `migration-controller` sets, with the defaults of the operator. */
export type ControllerSettings = {
  readonly namespaceLimit: number;
  readonly podLimit: number;
  readonly volumeLimit: number;
  readonly excludedResources: readonly string[];
  /** Storage classes whose volumes may also be moved. */
  readonly moveStorageClasses: readonly string[];
  readonly isIntelligentResizeOn: boolean;
  readonly isVolumeResizingOn: boolean;
  readonly isImageCopyDisabled: boolean;
  /** Percent of a volume that has to stay free. */
  readonly resizingThreshold: number;
  readonly rsync: RsyncSettings;
  readonly stunnelTcpProxy: string | undefined;
  readonly sourceSupplementalGroups: readonly number[];
  readonly targetSupplementalGroups: readonly number[];
  readonly clientPod: PodResources;
  readonly transferPod: PodResources;
  /** Entries that could not be read, as clauses. */
  readonly problems: readonly string[];
};

const CONTROLLER_CONFIG_MAP = "migration-controller";

const RSYNC_OPTION = /^-{1,2}(?:[a-z0-9]+-)*[a-z0-9]+(?:=.*)?$/;

export async function readControllerSettings(
  host: Cluster,
  namespace: string,
): Promise<ControllerSettings> {
  const ref = { namespace, name: CONTROLLER_CONFIG_MAP };
  return controllerSettingsFrom(await readConfigMapValues(host, ref));
}

export function controllerSettingsFrom(values: ConfigMapValues): ControllerSettings {
  return {
    namespaceLimit: values.integer("NAMESPACE_LIMIT", 1) ?? 10,
    podLimit: values.integer("POD_LIMIT", 1) ?? 100,
    volumeLimit: values.integer("PV_LIMIT", 1) ?? 100,
    excludedResources: values.list("EXCLUDED_RESOURCES") ?? defaultExcludedResources,
    moveStorageClasses: values.list("PV_MOVE_STORAGECLASSES") ?? [],
    isIntelligentResizeOn: values.boolean("ENABLE_INTELLIGENT_PV_RESIZE") ?? false,
    isVolumeResizingOn: values.boolean("ENABLE_DVM_PV_RESIZING") ?? false,
    isImageCopyDisabled: values.boolean("DISABLE_IMAGE_COPY") ?? false,
    resizingThreshold: resizingThreshold(values),
    rsync: rsyncSettings(values),
    stunnelTcpProxy: values.string("STUNNEL_TCP_PROXY"),
    sourceSupplementalGroups: groups(values, "SOURCE_SUPPLEMENTAL_GROUPS"),
    targetSupplementalGroups: groups(values, "TARGET_SUPPLEMENTAL_GROUPS"),
    clientPod: podResources(values, "CLIENT"),
    transferPod: podResources(values, "TRANSFER"),
    problems: values.problems,
  };
}

function rsyncSettings(values: ConfigMapValues): RsyncSettings {
  const isOn = (key: string) => values.boolean(key) ?? true;
  const limit = values.integer("RSYNC_OPT_BWLIMIT", -1) ?? -1;
  const extras = values.string("RSYNC_OPT_EXTRAS")?.split(/\s+/) ?? [];
  for (const extra of extras.filter((option) => !RSYNC_OPTION.test(option))) {
    values.problems.push(`RSYNC_OPT_EXTRAS holds ${extra}, which is not an option and is left out`);
  }
  return {
    archive: isOn("RSYNC_OPT_ARCHIVE"),
    partial: isOn("RSYNC_OPT_PARTIAL"),
    delete: isOn("RSYNC_OPT_DELETE"),
    hardlinks: isOn("RSYNC_OPT_HARDLINKS"),
    bandwidthLimit: limit > 0 ? limit : undefined,
    info: values.string("RSYNC_OPT_INFO"),
    extras: extras.filter((option) => RSYNC_OPTION.test(option)),
    backoffLimit: values.integer("RSYNC_BACKOFF_LIMIT", 0) || 20,
  };
}

function resizingThreshold(values: ConfigMapValues): number {
  const percent = values.integer("PV_RESIZING_USAGE_THRESHOLD", -1) ?? -1;
  return percent > 0 && percent < 100 ? percent : 3;
}

function groups(values: ConfigMapValues, key: string): number[] {
  const entries = (values.list(key) ?? []).map(Number);
  const isReadable = entries.every((entry) => Number.isInteger(entry) && entry >= 0);
  if (!isReadable) values.problems.push(`${key} is not a list of group numbers and is left out`);
  return isReadable ? entries : [];
}

function podResources(values: ConfigMapValues, pod: "CLIENT" | "TRANSFER"): PodResources {
  return {
    cpuLimit: values.string(`${pod}_POD_CPU_LIMIT`),
    memoryLimit: values.string(`${pod}_POD_MEMORY_LIMIT`),
    cpuRequest: values.string(`${pod}_POD_CPU_REQUEST`) ?? "400m",
    memoryRequest: values.string(`${pod}_POD_MEMORY_REQUEST`) ?? "512Mi",
  };
}
