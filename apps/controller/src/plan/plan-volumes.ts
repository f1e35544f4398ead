import { Label, convertedClaimName, parseMapping } from "@drover/crds";
import type {
  CopyMethod,
  PersistentVolumeClaim,
  PlanVolume,
  PlanVolumeClaim,
  VolumeAction,
} from "@drover/crds";
import { ownerTypeOf } from "./claim-owners.ts";
import type { ClaimUse } from "./claim-owners.ts";
import { defaultSelection, supportedActions } from "./default-selection.ts";
import type { Classes, DiscoveredVolume } from "./default-selection.ts";

export type VolumeRules = {
  readonly classes: Classes;
  readonly moveStorageClasses: readonly string[];
  /** Set for plans that convert storage classes: the suffix of the new claims. */
  readonly conversionSuffix: string | undefined;
};

export type FoundVolume = DiscoveredVolume & { readonly uses: readonly ClaimUse[] };

const COPY_METHODS: readonly CopyMethod[] = ["filesystem", "block", "snapshot"];

/** The plan's volumes as found now, with what the user had chosen for those known before. */
export function planVolumes(
  found: readonly FoundVolume[],
  known: readonly PlanVolume[],
  rules: VolumeRules,
): PlanVolume[] {
  const earlier = new Map(known.map((entry) => [entry.name, entry]));
  return found
    .map((one) => planVolume(one, earlier.get(one.volume.metadata.name), rules))
    .toSorted((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));
}

function planVolume(
  found: FoundVolume,
  earlier: PlanVolume | undefined,
  rules: VolumeRules,
): PlanVolume {
  const { volume } = found;
  const actions = supportedActions(volume, rules.moveStorageClasses);
  const selection = earlier?.selection ?? defaultSelection(found, actions, rules.classes);
  return {
    ...volumeFacts(found),
    supported: { actions, copyMethods: [...COPY_METHODS] },
    selection: withForcedAction(selection, actions),
    pvc: planClaim(found, earlier?.pvc, rules),
    ...capacityChoice(earlier),
  };
}

function volumeFacts({ volume }: FoundVolume) {
  const { metadata, spec } = volume;
  const betaClass = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
  return {
    name: metadata.name ?? "",
    capacity: spec.capacity?.["storage"] ?? "0",
    storageClass: spec.storageClassName ?? betaClass ?? "",
  };
}

function capacityChoice({ capacityConfirmed, proposedCapacity }: Partial<PlanVolume> = {}) {
  return {
    ...(capacityConfirmed === undefined ? {} : { capacityConfirmed }),
    ...(proposedCapacity === undefined ? {} : { proposedCapacity }),
  };
}

function withForcedAction(selection: PlanVolume["selection"], actions: readonly VolumeAction[]) {
  const [only, ...others] = actions;
  return only && others.length === 0 ? { ...selection, action: only } : selection;
}

function planClaim(
  { claim, uses }: FoundVolume,
  earlier: PlanVolumeClaim = {},
  { conversionSuffix }: VolumeRules,
): PlanVolumeClaim {
  const { name = "", namespace = "" } = claim.metadata;
  const { accessModes = [], volumeMode = "Filesystem" } = claim.spec;
  const ownerType = ownerTypeOf(name, uses);
  return {
    namespace,
    name: claimName(name, earlier.name, conversionSuffix),
    accessModes: earlier.accessModes ?? accessModes,
    volumeMode: earlier.volumeMode ?? volumeMode,
    hasReference: uses.some((use) => use.claim === name),
    ...(ownerType === undefined ? {} : { ownerType }),
  };
}

/** `name` or `name:target`. A target name given before is kept; a conversion makes one up. */
function claimName(name: string, earlier: string | undefined, suffix: string | undefined): string {
  if (earlier !== undefined && parseMapping(earlier).source === name) {
    const isMapped = parseMapping(earlier).destination !== name;
    if (isMapped || suffix === undefined) return earlier;
  }
  return suffix === undefined ? name : `${name}:${convertedClaimName(name, suffix)}`;
}

export type ClaimRules = {
  readonly suffix: string | undefined;
  readonly planUid: string;
  readonly isConversion: boolean;
};

/** Whether a claim is one of the application's, and not one that a migration or an importer made. */
export function isPlanClaim({ metadata }: PersistentVolumeClaim, rules: ClaimRules): boolean {
  const { name = "", labels = {}, ownerReferences = [] } = metadata;
  if (rules.suffix && name.endsWith(`-mig-${rules.suffix}`)) return false;
  if (ownerReferences.some(({ kind }) => kind === "PersistentVolumeClaim")) return false;
  if (!rules.isConversion) return true;
  if (labels[Label.migratedByPlan] === rules.planUid) return false;
  const source = labels[Label.sourceForDirectVolumeMigration];
  return source === undefined || source === rules.planUid;
}
