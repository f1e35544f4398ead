import type { KubeObject, Pod } from "@drover/crds";
import { done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { sourceNamespaces, targetNamespaces } from "../migration-scope.ts";
import type { MigrationScope, MigrationStep, PlanCluster } from "../migration-scope.ts";
import { isMigrated } from "../migrated-objects.ts";
import { podsStillThere } from "../quiesce/running-pods.ts";
import { scaleWorkloads } from "../quiesce/scale-workloads.ts";

const MAX_LISTED = 10;

/** Done when every workload of the source namespaces was told to stop. */
export const quiesceSource: MigrationStep = {
  name: "QuiesceSourceApplications",
  when: ({ pass }) => Boolean(pass.object.spec.quiescePods),
  isDone: ({ isPast }) => isPast("QuiesceSourceApplications"),
  async run(scope) {
    await scaleWorkloads(scope.source.cluster, onSource(scope), "quiesce");
    return done;
  },
};

/** Done when the last pod that could write is gone. Kept true until the data is copied. */
export const awaitSourceQuiet: MigrationStep = {
  name: "EnsureSrcQuiesced",
  when: ({ pass }) => Boolean(pass.object.spec.quiescePods),
  isDone: ({ isPast }) => isPast("WaitForDirectVolumeMigrationToComplete"),
  async run(scope) {
    const outcome = await awaitQuiet(scope, scope.source, onSource(scope));
    if (outcome.state === "done") return outcome;
    // An autoscaler or an operator may have started one of them again.
    await scaleWorkloads(scope.source.cluster, onSource(scope), "quiesce");
    return outcome;
  },
};

/** Done when every migrated workload on the target was told to stop. */
export const quiesceTarget: MigrationStep = {
  name: "QuiesceDestinationApplications",
  isDone: ({ isPast }) => isPast("EnsureDestQuiesced"),
  async run(scope) {
    await scaleWorkloads(scope.target.cluster, migratedOnTarget(scope), "quiesce");
    return done;
  },
};

/** Done when no pod uses migrated data on the target any more. */
export const awaitTargetQuiet: MigrationStep = {
  name: "EnsureDestQuiesced",
  isDone: ({ isPast }) => isPast("EnsureDestQuiesced"),
  run: (scope) => awaitQuiet(scope, scope.target, usersOnTarget(scope)),
};

/** Done when every workload that was stopped on the source runs as before. */
export const unquiesceSource: MigrationStep = {
  name: "UnQuiesceSrcApplications",
  isDone: ({ isPast }) => isPast("UnQuiesceSrcApplications"),
  async run(scope) {
    await scaleWorkloads(scope.source.cluster, onSource(scope), "unquiesce");
    return done;
  },
};

/** Done when every workload on the target has the size it had before it was stopped. */
export const unquiesceTarget: MigrationStep = {
  name: "UnQuiesceDestApplications",
  isDone: ({ isPast }) => isPast("UnQuiesceDestApplications"),
  async run(scope) {
    await scaleWorkloads(scope.target.cluster, migratedOnTarget(scope), "unquiesce");
    return done;
  },
};

function onSource(scope: MigrationScope) {
  return { namespaces: sourceNamespaces(scope) };
}

/** Other workloads that share a namespace with the migrated ones are left alone. */
function migratedOnTarget(scope: MigrationScope) {
  const accepts = (object: KubeObject) => isMigrated(scope, object);
  return { namespaces: targetNamespaces(scope), accepts };
}

/** Pods of the target that use migrated data. */
function usersOnTarget(scope: MigrationScope) {
  const claims = new Set(
    scope.claims.map(({ namespace, claim }) => `${namespace.destination}/${claim.destination}`),
  );
  const accepts = ({ metadata, spec }: Pod) =>
    Boolean(
      spec.volumes?.some(({ persistentVolumeClaim }) =>
        claims.has(`${metadata.namespace ?? ""}/${persistentVolumeClaim?.claimName ?? ""}`),
      ),
    );
  return { namespaces: targetNamespaces(scope), accepts };
}

type Places = {
  readonly namespaces: readonly string[];
  readonly accepts?: (pod: Pod) => boolean;
};

async function awaitQuiet(
  scope: MigrationScope,
  { cluster, ref }: PlanCluster,
  places: Places,
): Promise<Outcome> {
  const left = await podsStillThere(scope.pass, { cluster, ...places });
  if (left.length === 0) return done;
  scope.showProgress(left.slice(0, MAX_LISTED).map((pod) => `Pod ${pod}: Terminating`));
  return waiting({
    reason: "PodsTerminating",
    message: `Waiting for the applications' pods to end on cluster ${ref.name}.`,
  });
}
