import type { PlanStorageClass, PlanVolume } from "@drover/crds";
import { describe, expect, it } from "vitest";
import { selectionProblems } from "./check-selections.ts";

const classes: PlanStorageClass[] = [
  {
    name: "fast",
    volumeAccessModes: [{ volumeMode: "Filesystem", accessModes: ["ReadWriteOnce"] }],
  },
  { name: "slow" },
];

function aVolume(
  selection: PlanVolume["selection"] = {},
  over: Partial<PlanVolume> = {},
): PlanVolume {
  return {
    name: "pv",
    supported: { actions: ["skip", "copy"], copyMethods: ["filesystem", "block", "snapshot"] },
    selection: { action: "copy", copyMethod: "filesystem", storageClass: "fast", ...selection },
    pvc: { namespace: "a", name: "data", accessModes: ["ReadWriteOnce"], volumeMode: "Filesystem" },
    ...over,
  };
}

function typesFor(...volumes: PlanVolume[]): string[] {
  const facts = { volumes, destinationClasses: classes, planType: undefined };
  return selectionProblems(facts).map(({ type }) => type);
}

describe("selectionProblems", () => {
  it.each([
    ["a good choice", {}, []],
    ["an action that is not supported", { action: "move" }, ["PvInvalidAction"]],
    ["no action", { action: "" }, ["PvInvalidAction"]],
    ["skip asks for nothing else", { action: "skip", storageClass: "", copyMethod: "" }, []],
    ["no class", { storageClass: "" }, ["PvNoStorageClassSelection"]],
    ["a class the target lacks", { storageClass: "gone" }, ["PvInvalidStorageClass"]],
    ["an unknown mode", { accessMode: "ReadWriteOncePod" }, ["PvInvalidAccessMode"]],
    ["a mode the class lacks", { accessMode: "ReadWriteMany" }, ["PvWarnAccessModeUnavailable"]],
    ["auto always fits", { accessMode: "auto" }, []],
    ["no copy method", { copyMethod: "" }, ["PvNoCopyMethodSelection"]],
    ["an unknown copy method", { copyMethod: "pigeon" }, ["PvInvalidCopyMethod"]],
    ["a snapshot", { copyMethod: "snapshot" }, ["PvWarnCopyMethodSnapshot"]],
  ])("%s", (_name, selection, types) => {
    expect(typesFor(aVolume(selection))).toEqual(types);
  });

  it("warns of a volume that can only be skipped", () => {
    const supported = { actions: ["skip"], copyMethods: ["filesystem"] };
    expect(typesFor(aVolume({ action: "skip" }, { supported }))).toEqual(["PvNoSupportedAction"]);
  });

  it("names the volumes of two claims that would become one", () => {
    const one = aVolume({}, { name: "pv-1", pvc: { namespace: "a", name: "x:same" } });
    const other = aVolume({}, { name: "pv-2", pvc: { namespace: "a", name: "same" } });
    const elsewhere = aVolume({}, { name: "pv-3", pvc: { namespace: "b", name: "same" } });
    const facts = { destinationClasses: classes, planType: undefined };
    const [conflict] = selectionProblems({ ...facts, volumes: [one, other, elsewhere] });
    expect(conflict).toMatchObject({ type: "PvNameConflict", items: ["pv-1", "pv-2"] });
  });

  it("wants a conversion to have a choice of classes, a chosen volume, and new names", () => {
    const planType = "StorageConversionPlan" as const;
    const types = (volumes: PlanVolume[], destinationClasses = classes) =>
      selectionProblems({ volumes, destinationClasses, planType }).map(({ type }) => type);
    expect(types([aVolume()])).toEqual(["PvNameConflict"]);
    const renamed = aVolume({}, { pvc: { namespace: "a", name: "data:data-mig-abcd" } });
    expect(types([renamed])).toEqual([]);
    expect(types([renamed], classes.slice(0, 1))).toEqual(["StorageClassConversionUnavailable"]);
    expect(types([])).toEqual(["StorageClassConversionUnavailable"]);
  });
});
