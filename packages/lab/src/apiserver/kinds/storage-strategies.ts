import { forbiddenField, invalidValue, notSupported, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { at, childOf, deepEqual, fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { compareQuantities } from "../schema/quantity.ts";
import type { WriteScope } from "../writes/write-scope.ts";
import { setDefaults } from "./pod-defaults.ts";
import type { Strategy } from "./strategy.ts";

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";
const RECLAIM_POLICIES = ["Delete", "Recycle", "Retain"];
const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

export const claimStrategy: Strategy = {
  defaults(object) {
    setDefaults(childOf(object, "spec"), { volumeMode: "Filesystem" });
    setDefaults(childOf(object, "status"), { phase: "Pending" });
  },
  prepareCreate(object, scope) {
    addFinalizer(object, CLAIM_FINALIZER);
    object["status"] = { phase: "Pending" };
    const spec = childOf(object, "spec");
    const legacy = object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
    if (spec["storageClassName"] !== undefined || legacy !== undefined) return;
    const fallback = defaultStorageClass(scope);
    if (fallback !== undefined) spec["storageClassName"] = fallback;
  },
  validate(object, stored, scope) {
    const spec = fieldsOf(object["spec"]);
    const causes = accessModeCauses(spec);
    const size = storageOf(spec);
    if (size === undefined) causes.push(required("spec.resources[storage]"));
    else if ((compareQuantities(size, "0") ?? 0) <= 0) {
      causes.push(invalidValue("spec.resources[storage]", size, "must be greater than zero"));
    }
    if (stored !== undefined) causes.push(...frozenClaim(object, stored, scope));
    return causes;
  },
};

export const volumeStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" });
    if (isFields(spec["hostPath"])) setDefaults(spec["hostPath"], { type: "" });
    setDefaults(childOf(object, "status"), { phase: "Pending" });
  },
  prepareCreate(object) {
    addFinalizer(object, VOLUME_FINALIZER);
    object["status"] = { phase: "Pending" };
  },
  validate(object, stored) {
    const spec = fieldsOf(object["spec"]);
    const causes = accessModeCauses(spec);
    if (at(spec, "capacity", "storage") === undefined) causes.push(required("spec.capacity"));
    const policy = spec["persistentVolumeReclaimPolicy"];
    if (!RECLAIM_POLICIES.includes(String(policy))) {
      causes.push(notSupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM_POLICIES));
    }
    if (sourcesOf(spec).length === 0) {
      causes.push(required("spec", "must specify a volume type"));
    }
    if (stored !== undefined) causes.push(...frozenVolume(spec, fieldsOf(stored["spec"])));
    return causes;
  },
};

export const storageClassStrategy: Strategy = {
  defaults(object) {
    setDefaults(object, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" });
  },
  validate(object, stored) {
    if ((textOf(object["provisioner"]) ?? "") === "") return [required("provisioner")];
    if (stored === undefined) return [];
    return ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"]
      .filter((field) => !deepEqual(object[field], stored[field]))
      .map((field) => forbiddenField(field, "updates to " + field + " are forbidden."));
  },
};

function addFinalizer(object: ApiObject, name: string): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(name)) object.metadata.finalizers = [...finalizers, name];
}

/** The newest class marked as default, as the DefaultStorageClass admission picks it. */
function defaultStorageClass(scope: WriteScope): string | undefined {
  const classes = scope.server.store
    .list("storageclasses.storage.k8s.io")
    .map((entry) => entry.object)
    .filter((object) => object.metadata.annotations?.[DEFAULT_CLASS] === "true")
    .sort((left, right) =>
      (left.metadata.creationTimestamp ?? "") < (right.metadata.creationTimestamp ?? "") ? 1 : -1,
    );
  return classes[0]?.metadata.name;
}

function accessModeCauses(spec: Fields): Cause[] {
  const modes = listOf(spec["accessModes"]);
  if (modes.length === 0)
    return [required("spec.accessModes", "at least 1 access mode is required")];
  return modes
    .filter((mode) => !ACCESS_MODES.includes(String(mode)))
    .map((mode) => notSupported("spec.accessModes", mode, ACCESS_MODES));
}

const FROZEN_CLAIM =
  "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

function frozenClaim(object: ApiObject, stored: ApiObject, scope: WriteScope): Cause[] {
  if (scope.subresource !== undefined) return [];
  const [now, before] = [fieldsOf(object["spec"]), fieldsOf(stored["spec"])];
  const isBound = at(stored, "status", "phase") === "Bound";
  const frozen = (spec: Fields): Fields => {
    const { resources, volumeAttributesClassName: _class, ...rest } = spec;
    return isBound ? rest : { ...rest, resources };
  };
  // Binding fills in the volume once.
  const binds = before["volumeName"] === undefined;
  const expected = binds ? { ...frozen(before), volumeName: now["volumeName"] } : frozen(before);
  const same = JSON.stringify(sorted(frozen(now))) === JSON.stringify(sorted(expected));
  const causes = same ? [] : [forbiddenField("spec", FROZEN_CLAIM)];
  const [size, was] = [storageOf(now), storageOf(before)];
  if ((compareQuantities(size, was) ?? 0) < 0) {
    causes.push(
      forbiddenField(
        "spec.resources.requests.storage",
        "field can not be less than status.capacity",
      ),
    );
  }
  return causes;
}

function storageOf(spec: Fields): unknown {
  return at(spec, "resources", "requests", "storage");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([field, item]) => [field, sorted(item)]));
}

const NOT_SOURCES = new Set([
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
]);

function sourcesOf(spec: Fields): string[] {
  return Object.keys(spec).filter((field) => !NOT_SOURCES.has(field));
}

function frozenVolume(now: Fields, before: Fields): Cause[] {
  const source = (spec: Fields): Fields =>
    Object.fromEntries(sourcesOf(spec).map((field) => [field, spec[field]]));
  if (deepEqual(source(now), source(before))) return [];
  const detail = "spec.persistentvolumesource is immutable after creation";
  return [forbiddenField("spec.persistentvolumesource", detail)];
}
