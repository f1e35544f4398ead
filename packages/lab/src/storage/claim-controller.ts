import { mkdir } from "node:fs/promises";
import { selectedNodeAnnotation } from "../node/controllers/scheduler.ts";
import { writeStatus } from "../node/controllers/status-change.ts";
import { isDeleting, keyOf, nameOf, namespaceOf, typeOf, uidOf } from "../node/kinds/lab-kind.ts";
import { isFinished, Pod } from "../node/kinds/pod.ts";
import { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../node/kinds/storage.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { onChangeOf } from "../node/runtime/controller.ts";
import type { Controller } from "../node/runtime/controller.ts";
import { eventRecorder } from "../node/runtime/event-recorder.ts";
import type { EventRecorder } from "../node/runtime/event-recorder.ts";
import { findVolume, isReservedFor } from "./claim-match.ts";
import { bytesOf } from "./quantity.ts";
import { isSized, sizedVolumeAttributes } from "./sized-volumes.ts";
import type { VolumeScope } from "./volume-controller.ts";
import { directoryDriver, nfsServer, volumeDirectory } from "./volume-directory.ts";

const protection = "kubernetes.io/pvc-protection";
const defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";

/** Binds claims to volumes and makes volumes for claims whose class is the lab's. */
export function claimController(scope: VolumeScope): Controller {
  const { view } = scope;
  const events = eventRecorder(view, "persistentvolume-controller");
  const unbound = (): string[] =>
    view
      .watch(PersistentVolumeClaim)
      .list()
      .filter((claim) => claim.status?.phase !== "Bound")
      .map(keyOf);
  return {
    name: "persistentvolumeclaim-controller",
    triggers: [
      onChangeOf(PersistentVolumeClaim, (claim) => [keyOf(claim)]),
      onChangeOf(PersistentVolume, ({ spec: { claimRef } }) =>
        claimRef === undefined ? unbound() : [`${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`],
      ),
      onChangeOf(StorageClass, unbound),
      onChangeOf(Pod, claimsOf),
    ],
    async reconcile(key) {
      const claim = view.watch(PersistentVolumeClaim).find(key);
      if (claim === undefined) return undefined;
      if (isDeleting(claim)) return letGo(view, claim);
      const kept = await protect(view, claim);
      const classed = kept === undefined ? undefined : await withClass(view, kept);
      if (classed === undefined) return undefined;
      if (classed.status?.phase === "Bound") await expand(view, classed);
      else await bindOrProvision({ ...scope, events }, classed);
      return undefined;
    },
  };
}

type Scope = VolumeScope & { readonly events: EventRecorder };

function claimsOf(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: source }) =>
    source === undefined ? [] : [`${namespaceOf(pod)}/${source.claimName}`],
  );
}

/** A claim that is deleted stays until no pod uses it. */
async function letGo(view: ClusterView, claim: PersistentVolumeClaim): Promise<undefined> {
  const pods = view.watch(Pod).list(namespaceOf(claim));
  const isUsed = pods.some(
    (pod) =>
      !isFinished(pod) && pod.spec.nodeName !== undefined && claimsOf(pod).includes(keyOf(claim)),
  );
  const { finalizers = [] } = claim.metadata;
  if (isUsed || !finalizers.includes(protection)) return undefined;
  const rest = finalizers.filter((finalizer) => finalizer !== protection);
  await view.change(PersistentVolumeClaim, claim, { metadata: { finalizers: rest } });
  return undefined;
}

async function protect(
  view: ClusterView,
  claim: PersistentVolumeClaim,
): Promise<PersistentVolumeClaim | undefined> {
  const { finalizers = [] } = claim.metadata;
  if (finalizers.includes(protection)) return claim;
  return view.change(PersistentVolumeClaim, claim, {
    metadata: { finalizers: [...finalizers, protection] },
  });
}

/** A claim that names no class gets the cluster's default one; an empty name means none. */
async function withClass(
  view: ClusterView,
  claim: PersistentVolumeClaim,
): Promise<PersistentVolumeClaim | undefined> {
  if (claim.spec.storageClassName !== undefined || claim.status?.phase === "Bound") return claim;
  const isDefault = (one: StorageClass): boolean =>
    one.metadata.annotations?.[defaultClassAnnotation] === "true";
  const found = view.watch(StorageClass).list().find(isDefault);
  if (found === undefined) return claim;
  return view.change(PersistentVolumeClaim, claim, { spec: { storageClassName: nameOf(found) } });
}

async function bindOrProvision(scope: Scope, claim: PersistentVolumeClaim): Promise<void> {
  const { view } = scope;
  const found = findVolume(claim, view.watch(PersistentVolume).list());
  const storageClass = classOf(view, claim);
  const waits = waitsForConsumer(claim, storageClass);
  if (found !== undefined && (!waits || isReservedFor(claim, found))) {
    await bind(view, claim, found);
    return;
  }
  if (claim.status?.phase === undefined) {
    await writeStatus(view, PersistentVolumeClaim, { object: claim, status: { phase: "Pending" } });
  }
  if (isNamed(claim)) return;
  if (waits) {
    const message = "waiting for first consumer to be created before binding";
    scope.events.normal(claim, "WaitForFirstConsumer", message);
    return;
  }
  if (storageClass?.provisioner === directoryDriver) await provision(scope, claim, storageClass);
  else scope.events.warning(claim, "ProvisioningFailed", noClassMessage(claim));
}

function classOf(view: ClusterView, claim: PersistentVolumeClaim): StorageClass | undefined {
  return view.watch(StorageClass).find(claim.spec.storageClassName ?? "");
}

/** Whether the claim asks for one volume by its name. */
function isNamed({ spec: { volumeName = "" } }: PersistentVolumeClaim): boolean {
  return volumeName !== "";
}

/** Whether the claim's class wants a pod that uses the claim first, and there is none yet. */
function waitsForConsumer(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
): boolean {
  if (storageClass?.volumeBindingMode !== "WaitForFirstConsumer" || isNamed(claim)) return false;
  return claim.metadata.annotations?.[selectedNodeAnnotation] === undefined;
}

function noClassMessage(claim: PersistentVolumeClaim): string {
  const { storageClassName = "" } = claim.spec;
  if (storageClassName === "")
    return "no persistent volumes available for this claim and no storage class is set";
  return `storageclass.storage.k8s.io "${storageClassName}" not found, or not one the lab provisions for`;
}

async function provision(
  { view, layout, sized, events }: Scope,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
): Promise<void> {
  const volume = volumeFor(claim, storageClass);
  const directory = volumeDirectory(layout, volume);
  if (directory !== undefined && isSized(volume)) await sized.mount(volume, directory);
  else if (directory !== undefined) await mkdir(directory, { recursive: true });
  const created =
    (await view.create(PersistentVolume, volume)) ??
    view.watch(PersistentVolume).find(nameOf(volume));
  if (created === undefined || !isReservedFor(claim, created)) return;
  events.normal(
    claim,
    "ProvisioningSucceeded",
    `Successfully provisioned volume ${nameOf(volume)}`,
  );
  await bind(view, claim, created);
}

function volumeFor(claim: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolume {
  const name = `pvc-${uidOf(claim)}`;
  const { accessModes = ["ReadWriteOnce"], volumeMode = "Filesystem", resources } = claim.spec;
  return {
    ...typeOf(PersistentVolume),
    metadata: {
      name,
      annotations: { "pv.kubernetes.io/provisioned-by": directoryDriver },
      finalizers: ["kubernetes.io/pv-protection"],
    },
    spec: {
      capacity: { storage: resources?.requests?.["storage"] ?? "1Gi" },
      accessModes,
      volumeMode,
      storageClassName: nameOf(storageClass),
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      claimRef: claimRefOf(claim),
      ...(storageClass.mountOptions === undefined
        ? {}
        : { mountOptions: storageClass.mountOptions }),
      ...volumeSource(name, storageClass.parameters?.["type"]),
    },
  };
}

function volumeSource(
  name: string,
  type: string | undefined,
): Pick<PersistentVolume["spec"], "csi" | "nfs"> {
  if (type === "nfs") return { nfs: { server: nfsServer, path: `/exports/${name}` } };
  const csi = { driver: directoryDriver, volumeHandle: name };
  return { csi: type === "sized" ? { ...csi, volumeAttributes: sizedVolumeAttributes } : csi };
}

function claimRefOf(
  claim: PersistentVolumeClaim,
): NonNullable<PersistentVolume["spec"]["claimRef"]> {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace: namespaceOf(claim),
    name: nameOf(claim),
    uid: uidOf(claim),
  };
}

/** Volume first, then claim, as the volume's reference decides who has it. */
async function bind(
  view: ClusterView,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
): Promise<void> {
  if (volume.spec.claimRef?.uid !== uidOf(claim)) {
    const reserved = await view.change(PersistentVolume, volume, {
      spec: { claimRef: claimRefOf(claim) },
    });
    if (reserved === undefined) return;
  }
  const annotations = {
    "pv.kubernetes.io/bind-completed": "yes",
    "pv.kubernetes.io/bound-by-controller": "yes",
  };
  const body = { metadata: { annotations }, spec: { volumeName: nameOf(volume) } };
  const bound = await view.change(PersistentVolumeClaim, claim, body);
  if (bound === undefined) return;
  const { accessModes, capacity } = volume.spec;
  const status = { phase: "Bound", accessModes, capacity };
  await writeStatus(view, PersistentVolumeClaim, { object: bound, status });
}

/** A claim that asks for more than it has gets it, when its class allows that. */
async function expand(view: ClusterView, claim: PersistentVolumeClaim): Promise<void> {
  const volume = view.watch(PersistentVolume).find(claim.spec.volumeName ?? "");
  if (volume === undefined) {
    await writeStatus(view, PersistentVolumeClaim, { object: claim, status: { phase: "Lost" } });
    return;
  }
  const wanted = claim.spec.resources?.requests?.["storage"];
  const isMore = bytesOf(wanted) > bytesOf(claim.status?.capacity?.["storage"]);
  if (!isMore || classOf(view, claim)?.allowVolumeExpansion !== true) return;
  const capacity = { ...volume.spec.capacity, storage: wanted };
  await view.change(PersistentVolume, volume, { spec: { capacity } });
  await writeStatus(view, PersistentVolumeClaim, { object: claim, status: { capacity } });
}
