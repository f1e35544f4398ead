import type { VolumeChoice } from "@drover/contract";
import { formatMapping, parseMapping } from "@drover/crds";
import type { PlanType, PlanVolume } from "@drover/crds";
import { invalidField } from "../app-error.ts";

type Place = { readonly field: string; readonly type: PlanType };

function requireSupported(volume: PlanVolume, choice: VolumeChoice, { field, type }: Place): void {
  const { actions, copyMethods } = volume.supported;
  const claim = parseMapping(volume.pvc?.name ?? choice.pv).source;
  if (!actions.includes(choice.action))
    throw invalidField(
      `${field}.action`,
      `Volume ${choice.pv} (claim ${claim}) supports ${actions.join(", ")}, not ${choice.action}.`,
    );
  if (choice.copyMethod !== undefined && !copyMethods.includes(choice.copyMethod))
    throw invalidField(
      `${field}.copyMethod`,
      `Volume ${choice.pv} (claim ${claim}) supports ${copyMethods.join(", ")}, not ${choice.copyMethod}.`,
    );
  if (choice.targetClaim !== undefined && choice.targetClaim !== claim && type !== "state")
    throw invalidField(
      `${field}.targetClaim`,
      "Only a state migration can give a claim another name on the target cluster.",
    );
}

function claimName(current: string | undefined, target: string | undefined): string | undefined {
  if (target === undefined || current === undefined) return current;
  return formatMapping({ source: parseMapping(current).source, destination: target });
}

/** The volume as the plan keeps it; what the choice leaves out stays. */
function chosenVolume(volume: PlanVolume, choice: VolumeChoice, place: Place): PlanVolume {
  requireSupported(volume, choice, place);
  const { action, copyMethod, storageClass, accessMode, verify, targetClaim } = choice;
  const name = claimName(volume.pvc?.name, targetClaim);
  return {
    ...volume,
    selection: {
      ...volume.selection,
      action,
      ...(copyMethod === undefined ? {} : { copyMethod }),
      ...(storageClass === undefined ? {} : { storageClass }),
      ...(accessMode === undefined ? {} : { accessMode }),
      ...(verify === undefined ? {} : { verify }),
    },
    ...(volume.pvc === undefined || name === undefined ? {} : { pvc: { ...volume.pvc, name } }),
  };
}

/** All of a plan's volumes with the choices applied. Order and the rest of each entry are the controller's. */
export function chosenVolumes(
  volumes: readonly PlanVolume[],
  choices: readonly VolumeChoice[],
  type: PlanType,
): PlanVolume[] {
  const byName = new Map(choices.map((choice, index) => [choice.pv, { choice, index }]));
  const chosen = volumes.map((volume) => {
    const found = byName.get(volume.name ?? "");
    if (found === undefined) return volume;
    byName.delete(found.choice.pv);
    return chosenVolume(volume, found.choice, { field: `volumes.${found.index}`, type });
  });
  for (const { choice, index } of byName.values())
    throw invalidField(
      `volumes.${index}.pv`,
      `The plan has no volume ${choice.pv}; it may have been discovered again. Reload the page.`,
    );
  return chosen;
}
