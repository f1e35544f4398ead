import {
  quantityToBytes,
  type DirectVolumeMigration,
  type DirectVolumeMigrationProgress,
  type MigMigration,
  type MigPlan,
  type PodProgress,
} from "@drover/crds";

export type VolumeState = "waiting" | "copying" | "copied" | "failed" | "skipped" | "moved";

/** What the comparison of both ends found. */
export type Proof = { readonly verdict: "verified" | "differs"; readonly text: string };

/** One volume of a run as its table shows it. */
export type VolumeView = {
  readonly key: string;
  readonly claim: string;
  readonly namespace: string;
  readonly sizeBytes: number | undefined;
  readonly state: VolumeState;
  readonly percent: number | undefined;
  readonly rate: string | undefined;
  readonly elapsed: string | undefined;
  readonly proof: Proof | undefined;
};

type Parts = {
  readonly migration: MigMigration;
  readonly plan: MigPlan | undefined;
  readonly volumeMigrations: readonly DirectVolumeMigration[];
  readonly progresses: readonly DirectVolumeMigrationProgress[];
};

const ownedBy =
  (uid: string | undefined) =>
  (object: { metadata: { ownerReferences?: { uid: string }[] | undefined } }) =>
    object.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;

type Found = { readonly state: VolumeState; readonly pod: PodProgress };

function podsOf({ status }: DirectVolumeMigration): readonly Found[] {
  const lists: readonly (readonly [VolumeState, readonly PodProgress[] | undefined])[] = [
    ["copied", status?.successfulPods],
    ["failed", status?.failedPods],
    ["copying", status?.runningPods],
    ["waiting", status?.pendingPods],
  ];
  return lists.flatMap(([state, pods = []]) => pods.map((pod) => ({ state, pod })));
}

const percentOf = (text: string | undefined): number | undefined => {
  const value = Number.parseFloat(text ?? "");
  return Number.isNaN(value) ? undefined : value;
};

function proofOf(progress: DirectVolumeMigrationProgress | undefined): Proof | undefined {
  const conditions = progress?.status?.conditions ?? [];
  const differs = conditions.find(
    ({ type, status }) => type === "CopyDiffers" && status === "True",
  );
  if (differs !== undefined)
    return { verdict: "differs", text: differs.message ?? "Both ends differ." };
  const verified = conditions.find(
    ({ type, status }) => type === "CopyVerified" && status === "True",
  );
  return verified && { verdict: "verified", text: verified.message ?? "Both ends are identical." };
}

const claimName = (name: string | undefined) => name?.split(":")[0] ?? "";

const chosenState: Readonly<Record<string, VolumeState>> = { skip: "skipped", move: "moved" };

function progressOf(match: Found | undefined): Pick<VolumeView, "percent" | "rate" | "elapsed"> {
  const { pod, state } = match ?? {};
  return {
    percent: state === "copied" ? 100 : percentOf(pod?.lastObservedProgressPercent),
    rate: pod?.lastObservedTransferRate,
    elapsed: pod?.totalElapsedTime,
  };
}

/** The volumes of a run: those the plan chose, with what the copy reports of each. */
export function volumeViews({
  migration,
  plan,
  volumeMigrations,
  progresses,
}: Parts): readonly VolumeView[] {
  const copies = volumeMigrations.filter(ownedBy(migration.metadata.uid));
  const found = copies.flatMap(podsOf);
  const reports = progresses.filter((each) =>
    copies.some((copy) => ownedBy(copy.metadata.uid)(each)),
  );
  return (plan?.spec.persistentVolumes ?? []).map(({ name, pvc, capacity, selection }) => {
    const claim = claimName(pvc?.name);
    const namespace = pvc?.namespace ?? "";
    const match = found.find(
      ({ pod }) => pod.pvcRef?.name === claim && pod.pvcRef.namespace === namespace,
    );
    return {
      key: name ?? `${namespace}/${claim}`,
      claim,
      namespace,
      sizeBytes: capacity === undefined ? undefined : quantityToBytes(capacity),
      state: match?.state ?? chosenState[selection.action ?? ""] ?? "waiting",
      ...progressOf(match),
      proof: proofOf(reports.find(({ status }) => status?.podName === match?.pod.name)),
    };
  });
}
