import { expect, test } from "vitest";
import { typeOf } from "../node/kinds/lab-kind.ts";
import { PersistentVolume, PersistentVolumeClaim } from "../node/kinds/storage.ts";
import { findVolume } from "./claim-match.ts";
import { bytesOf } from "./quantity.ts";

function aClaim(spec: PersistentVolumeClaim["spec"] = {}): PersistentVolumeClaim {
  return {
    ...typeOf(PersistentVolumeClaim),
    metadata: { name: "data", namespace: "shop", uid: "claim-uid" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "standard",
      resources: { requests: { storage: "1Gi" } },
      ...spec,
    },
  };
}

function aVolume(name: string, spec: PersistentVolume["spec"] = {}): PersistentVolume {
  return {
    ...typeOf(PersistentVolume),
    metadata: { name, labels: { tier: name }, uid: name },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      storageClassName: "standard",
      ...spec,
    },
    status: { phase: "Available" },
  };
}

const names = (claim: PersistentVolumeClaim, volumes: PersistentVolume[]) =>
  findVolume(claim, volumes)?.metadata.name;

test("takes the smallest volume that is large enough", () => {
  const volumes = ["5Gi", "512Mi", "2Gi"].map((storage) =>
    aVolume(storage, { capacity: { storage } }),
  );
  expect(names(aClaim(), volumes)).toBe("2Gi");
});

test.each([
  ["another class", { storageClassName: "fast" }],
  ["another volume mode", { volumeMode: "Block" }],
  ["too few access modes", { accessModes: ["ReadOnlyMany"] }],
  ["too little room", { capacity: { storage: "1023Mi" } }],
  ["a claim of its own", { claimRef: { namespace: "other", name: "data", uid: "x" } }],
  [
    "an earlier claim of the same name",
    { claimRef: { namespace: "shop", name: "data", uid: "old" } },
  ],
])("leaves a volume alone that has %s", (_what, spec) => {
  expect(names(aClaim(), [aVolume("one", spec)])).toBeUndefined();
});

test("prefers the volume that is reserved for it, and takes a named one whatever its size", () => {
  const reserved = aVolume("kept", { claimRef: { namespace: "shop", name: "data" } });
  expect(names(aClaim(), [aVolume("other"), reserved])).toBe("kept");
  const small = aVolume("small", { capacity: { storage: "1Ki" }, storageClassName: "" });
  expect(names(aClaim({ volumeName: "small" }), [aVolume("other"), small])).toBe("small");
  expect(names(aClaim({ volumeName: "absent" }), [aVolume("other")])).toBeUndefined();
});

test("selects volumes by their labels", () => {
  const claim = aClaim({ selector: { matchLabels: { tier: "b" } } });
  expect(names(claim, [aVolume("a"), aVolume("b")])).toBe("b");
});

test.each([
  ["10Gi", 10 * 2 ** 30],
  ["1k", 1000],
  ["500M", 500_000_000],
  ["1e3", 1000],
  ["1.5Ki", 1536],
  ["128", 128],
  ["nonsense", 0],
])("%s is %d bytes", (quantity, bytes) => expect(bytesOf(quantity)).toBe(bytes));
