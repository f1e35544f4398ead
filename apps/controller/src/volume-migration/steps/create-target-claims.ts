import { Label, LabelValue, PersistentVolumeClaim, Pod, compareQuantities } from "@drover/crds";
import { targetClaim } from "../../manifests/target-claim.ts";
import type { VolumeCopy } from "../../manifests/transfer-run.ts";
import { blocked, done } from "../../runtime/outcome.ts";
import type { Blocked } from "../../runtime/outcome.ts";
import type { Step } from "../../runtime/step.ts";
import { createOrFind } from "../create-or-find.ts";
import { mountsClaim } from "../pod-claims.ts";
import { copiesByTarget } from "../volume-scope.ts";
import type { VolumeScope } from "../volume-scope.ts";

/** Done when every volume has a claim on the target that is large enough and that no application uses. */
export const createTargetClaims: Step<VolumeScope> = {
  name: "CreateDestinationPVCs",
  isDone: ({ isPast }) => isPast("CreateDestinationPVCs"),
  async run(scope) {
    for (const copy of scope.copies) {
      const problem = await (scope.run.compareOnly ? findClaim : createClaim)(scope, copy);
      if (problem) return problem;
    }
    return (await findUseOfClaims(scope)) ?? done;
  },
};

async function createClaim(scope: VolumeScope, copy: VolumeCopy): Promise<Blocked | undefined> {
  const original = await scope.source.cluster.get(PersistentVolumeClaim, copy.claim);
  const wanted = targetClaim(scope.run, copy, original);
  const claim = await createOrFind(scope.target.cluster, PersistentVolumeClaim, wanted);
  return sizeProblem(scope, copy, { original, claim });
}

/** A new claim would be an empty one: what is to be compared has to be there. */
async function findClaim({ target }: VolumeScope, copy: VolumeCopy): Promise<Blocked | undefined> {
  if (await target.cluster.find(PersistentVolumeClaim, copy.target)) return undefined;
  return blocked({
    reason: "TargetClaimMissing",
    message: `Claim ${copy.target.namespace}/${copy.target.name} does not exist on cluster ${target.ref.name}, although its data was restored. Look at the stage Restore there, then start again.`,
  });
}

type Claims = { readonly original: PersistentVolumeClaim; readonly claim: PersistentVolumeClaim };

function sizeProblem(
  { target }: VolumeScope,
  copy: VolumeCopy,
  { original, claim }: Claims,
): Blocked | undefined {
  const needed = original.spec.resources?.requests?.["storage"];
  const offered = claim.spec.resources?.requests?.["storage"];
  if (needed === undefined || offered === undefined) return undefined;
  if (compareQuantities(offered, needed) >= 0) return undefined;
  return blocked({
    reason: "TargetClaimTooSmall",
    message: `Claim ${copy.target.namespace}/${copy.target.name} on cluster ${target.ref.name} asks for ${offered}, but the source asks for ${needed}. Enlarge or delete it, then start again.`,
  });
}

/** Writing under a running application would damage its data and the copy. */
async function findUseOfClaims({ copies, target }: VolumeScope): Promise<Blocked | undefined> {
  for (const [namespace, group] of copiesByTarget(copies)) {
    const pods = await target.cluster.list(Pod, { namespace });
    for (const pod of pods.filter(isApplication)) {
      const copy = group.find(({ target: claim }) => mountsClaim(pod, claim.name));
      if (copy === undefined) continue;
      return blocked({
        reason: "TargetClaimInUse",
        message: `Pod ${namespace}/${pod.metadata.name ?? ""} on cluster ${target.ref.name} uses claim ${copy.target.name}, which only the migration may use now. Stop it, then start again.`,
      });
    }
  }
  return undefined;
}

function isApplication(pod: Pod): boolean {
  const isOver = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
  return !isOver && pod.metadata.labels?.[Label.owner] !== LabelValue.rsyncOwner;
}
