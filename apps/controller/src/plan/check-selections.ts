import { parseMapping } from "@drover/crds";
import type { PlanStorageClass, PlanTypeReason, PlanVolume } from "@drover/crds";
import type { ConditionCategory } from "@drover/crds";
import type { ConditionInput } from "../runtime/condition-stage.ts";
import { offeredModes } from "./storage-classes.ts";

export type SelectionFacts = {
  readonly volumes: readonly PlanVolume[];
  readonly destinationClasses: readonly PlanStorageClass[];
  readonly planType: PlanTypeReason | undefined;
};

type Finding = {
  readonly type: string;
  readonly category: ConditionCategory;
  readonly reason?: string;
  readonly message: string;
};

const FINDINGS = {
  invalidAction: {
    type: "PvInvalidAction",
    category: "Error",
    reason: "NotDone",
    message: "The action of these volumes is none that they support: []. Choose another.",
  },
  noAction: {
    type: "PvNoSupportedAction",
    category: "Warn",
    message:
      "These volumes can be neither copied nor moved, so their data stays behind: []. Back it up in another way.",
  },
  invalidClass: {
    type: "PvInvalidStorageClass",
    category: "Error",
    reason: "NotDone",
    message: "The target cluster does not have the storage class chosen for: []. Choose another.",
  },
  invalidMode: {
    type: "PvInvalidAccessMode",
    category: "Error",
    message:
      "The access mode chosen for these volumes is not known: []. Choose ReadWriteOnce, ReadOnlyMany, ReadWriteMany or auto.",
  },
  noClass: {
    type: "PvNoStorageClassSelection",
    category: "Warn",
    reason: "NotFound",
    message:
      "No storage class is chosen for: []. The target's default is used, and without one the claims stay Pending. Choose a class.",
  },
  modeUnavailable: {
    type: "PvWarnAccessModeUnavailable",
    category: "Warn",
    message:
      "The storage class chosen for these volumes is not known to offer their access mode: []. Choose another class or mode.",
  },
  noCopyMethod: {
    type: "PvNoCopyMethodSelection",
    category: "Error",
    reason: "NotFound",
    message: "No copy method is chosen for: []. Choose filesystem, block or snapshot.",
  },
  invalidCopyMethod: {
    type: "PvInvalidCopyMethod",
    category: "Error",
    message: "The copy method of these volumes is none that they support: []. Choose another.",
  },
  snapshot: {
    type: "PvWarnCopyMethodSnapshot",
    category: "Warn",
    message:
      "These volumes are copied by snapshot, which works only when both clusters share the provider and the region: [].",
  },
  nameConflict: {
    type: "PvNameConflict",
    category: "Error",
    message:
      "These claims would have the same name as their source or as each other: []. Give each a target name of its own.",
  },
} as const satisfies Record<string, Finding>;

type FindingName = keyof typeof FINDINGS;

const ACCESS_MODES = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "auto"];

/** What is wrong with the choices made for the volumes. */
export function selectionProblems(facts: SelectionFacts): ConditionInput[] {
  const items = new Map<FindingName, string[]>();
  for (const volume of facts.volumes) {
    for (const finding of volumeFindings(volume, facts)) {
      items.set(finding, [...(items.get(finding) ?? []), volume.name ?? ""]);
    }
  }
  const problems = [...items].map(([name, names]) => ({ ...FINDINGS[name], items: names }));
  return [...problems, ...conversionProblems(facts)];
}

function volumeFindings(volume: PlanVolume, facts: SelectionFacts): FindingName[] {
  const { supported, selection } = volume;
  const findings: FindingName[] = [];
  if (supported.actions.every((action) => action === "skip")) findings.push("noAction");
  const action = selection.action ?? "";
  if (!supported.actions.includes(action)) return [...findings, "invalidAction"];
  if (action !== "copy") return findings;
  findings.push(...methodFindings(volume), ...classFindings(volume, facts));
  if (hasNameConflict(volume, facts)) findings.push("nameConflict");
  return findings;
}

function methodFindings({ supported, selection }: PlanVolume): FindingName[] {
  const method = selection.copyMethod ?? "";
  if (method === "") return ["noCopyMethod"];
  if (!supported.copyMethods.includes(method)) return ["invalidCopyMethod"];
  return method === "snapshot" ? ["snapshot"] : [];
}

function classFindings(volume: PlanVolume, { destinationClasses }: SelectionFacts): FindingName[] {
  const { storageClass = "", accessMode = "" } = volume.selection;
  if (storageClass === "") return ["noClass"];
  const chosen = destinationClasses.find(({ name }) => name === storageClass);
  if (!chosen) return ["invalidClass"];
  if (accessMode !== "" && !ACCESS_MODES.includes(accessMode)) return ["invalidMode"];
  return accessMode === "auto" || isOffered(volume, chosen) ? [] : ["modeUnavailable"];
}

/** The chosen mode, or at least one of the claim's own. */
function isOffered({ pvc, selection }: PlanVolume, storageClass: PlanStorageClass): boolean {
  const offered = offeredModes(storageClass, pvc?.volumeMode ?? "Filesystem") ?? [];
  const wanted = selection.accessMode ? [selection.accessMode] : (pvc?.accessModes ?? []);
  return wanted.length === 0 || wanted.some((mode) => offered.includes(mode));
}

function hasNameConflict(volume: PlanVolume, { volumes, planType }: SelectionFacts): boolean {
  const { source, destination } = parseMapping(volume.pvc?.name ?? "");
  if (planType === "StorageConversionPlan" && source === destination) return true;
  return volumes.some(
    (other) =>
      other.name !== volume.name &&
      other.selection.action === "copy" &&
      other.pvc?.namespace === volume.pvc?.namespace &&
      parseMapping(other.pvc?.name ?? "").destination === destination,
  );
}

function conversionProblems({ volumes, destinationClasses, planType }: SelectionFacts) {
  if (planType !== "StorageConversionPlan") return [];
  const type = "StorageClassConversionUnavailable";
  const isNothingChosen = volumes.every(({ selection }) => selection.action === "skip");
  if (!isNothingChosen && destinationClasses.length >= 2) return [];
  const message = isNothingChosen
    ? "No volume is chosen to be converted. Choose at least one."
    : "The cluster has fewer than two storage classes, so there is nothing to convert to. Add one.";
  return [{ type, category: "Critical" as const, message }];
}
