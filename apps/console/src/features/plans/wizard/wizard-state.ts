import type { CreatePlan, NamespaceMapping, UpdatePlan, VolumeChoice } from "@drover/contract";
import type { MigPlan, PlanVolume } from "@drover/crds";

/** Everything chosen in the wizard; what a person leaves and comes back to. */
export type PlanDraft = {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly storage: string;
  /** Source namespace to target namespace, in the order they were picked. */
  readonly namespaces: readonly NamespaceMapping[];
  /** By the volume's name on the source. A volume without a choice keeps what was discovered. */
  readonly volumes: Readonly<Record<string, VolumeChoice>>;
  readonly directVolumes: boolean;
  /** True once the plan exists on the cluster. */
  readonly isCreated: boolean;
};

export const emptyDraft: PlanDraft = {
  name: "",
  source: "",
  target: "",
  storage: "",
  namespaces: [],
  volumes: {},
  directVolumes: true,
  isCreated: false,
};

export type DraftChange =
  | { readonly change: "set"; readonly values: Partial<PlanDraft> }
  | { readonly change: "pick"; readonly namespace: string; readonly isPicked: boolean }
  | { readonly change: "rename"; readonly namespace: string; readonly target: string }
  | { readonly change: "volume"; readonly choice: VolumeChoice };

function changeSource(draft: PlanDraft, values: Partial<PlanDraft>): PlanDraft {
  const isOther = values.source !== undefined && values.source !== draft.source;
  // Namespaces and volumes belong to a source cluster; those of another one mean nothing.
  return { ...draft, ...values, ...(isOther && { namespaces: [], volumes: {} }) };
}

export function changeDraft(draft: PlanDraft, change: DraftChange): PlanDraft {
  switch (change.change) {
    case "set":
      return changeSource(draft, change.values);
    case "pick": {
      const others = draft.namespaces.filter(({ source }) => source !== change.namespace);
      const picked = { source: change.namespace, target: change.namespace };
      return { ...draft, namespaces: change.isPicked ? [...others, picked] : others };
    }
    case "rename":
      return {
        ...draft,
        namespaces: draft.namespaces.map((mapping) =>
          mapping.source === change.namespace ? { ...mapping, target: change.target } : mapping,
        ),
      };
    case "volume":
      return { ...draft, volumes: { ...draft.volumes, [change.choice.pv]: change.choice } };
  }
}

/** What is wrong with each picked namespace's target name, by source name. */
export function mappingProblems(
  namespaces: readonly NamespaceMapping[],
): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const { source, target } of namespaces) {
    const other = namespaces.find((each) => each.source !== source && each.target === target);
    if (target === "") problems[source] = "Enter a name.";
    else if (target.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(target))
      problems[source] =
        "Use at most 63 lowercase letters, digits and dashes; begin and end with a letter or digit.";
    else if (other !== undefined)
      problems[source] = `${other.source} goes to ${target} too. Give one of them another name.`;
  }
  return problems;
}

/** A name for the plan from what was chosen, when the person has not written one. */
export function suggestedName({ source, target }: PlanDraft): string {
  return source === "" || target === "" ? "" : `${source}-to-${target}`.slice(0, 63);
}

/** The volume as chosen: the person's choice, or what was discovered. */
export function choiceFor(draft: PlanDraft, volume: PlanVolume): VolumeChoice {
  const pv = volume.name ?? "";
  const { action, copyMethod, storageClass, accessMode, verify } = volume.selection;
  const discovered = {
    pv,
    action: (action ?? "copy") as VolumeChoice["action"],
    copyMethod: (copyMethod || "filesystem") as VolumeChoice["copyMethod"],
    ...(storageClass !== undefined && { storageClass }),
    ...(accessMode !== undefined &&
      accessMode !== "" && { accessMode: accessMode as VolumeChoice["accessMode"] }),
    ...(verify !== undefined && { verify }),
  };
  return draft.volumes[pv] ?? discovered;
}

export function createBody(draft: PlanDraft): CreatePlan {
  return {
    name: draft.name,
    type: "full",
    source: draft.source,
    target: draft.target,
    storage: draft.storage,
    namespaces: [...draft.namespaces],
    indirectVolumes: !draft.directVolumes,
    // Only this way is a plan not asked for registries that nothing would be copied between.
    indirectImages: true,
  };
}

/** What the plan on the cluster is still to be told. */
export function updateBody(draft: PlanDraft, plan: MigPlan): UpdatePlan {
  return {
    storage: draft.storage,
    namespaces: [...draft.namespaces],
    volumes: (plan.spec.persistentVolumes ?? []).map((volume) => choiceFor(draft, volume)),
    indirectVolumes: !draft.directVolumes,
  };
}
