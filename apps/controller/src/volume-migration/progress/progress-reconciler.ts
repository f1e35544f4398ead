import { DirectVolumeMigrationProgress, Label, MigCluster, Pod, isRefSet } from "@drover/crds";
import type { RsyncPodStatus } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { toLabelSelector } from "../label-selector.ts";
import type { ReconcilerDeps } from "../../runtime/deps.ts";
import { done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import type { ConditionInput } from "../../runtime/condition-stage.ts";
import type { Pass, Reconciler } from "../../runtime/reconciler.ts";
import { isOver } from "../pod-claims.ts";
import { attemptOf, finishedAttempt, rsyncState, runningAttempt } from "./attempt-status.ts";
import { LogFollowers } from "./log-followers.ts";
import { parseTransferLog } from "./transfer-log.ts";
import type { News, TransferReport } from "./transfer-log.ts";

type ReportPass = Pass<DirectVolumeMigrationProgress>;

/** Enough for every line a transfer ends with: results, 100 differing paths, statistics and the last errors. */
const LOG_LINES = 300;

/** Reports how far copies came: follows the log of what runs, and keeps the results of what is over. */
export function progressReconciler(
  deps: ReconcilerDeps,
): Reconciler<DirectVolumeMigrationProgress> {
  const followers = new LogFollowers();
  return {
    kind: DirectVolumeMigrationProgress,
    workers: 5,
    observed: "digest",
    async wakes(standing) {
      followers.onNews((key) => standing.wake(key));
    },
    reconcile: (pass) => reconcile(pass, deps, followers),
  };
}

async function reconcile(
  pass: ReportPass,
  deps: ReconcilerDeps,
  followers: LogFollowers,
): Promise<Outcome> {
  const source = await readCluster(pass, deps);
  const { podNamespace, podSelector } = pass.object.spec;
  const hasSelector = podSelector?.[Label.createdForPvc] !== undefined;
  if (!hasSelector || !podNamespace) {
    const message = `spec needs podNamespace, and podSelector with ${Label.createdForPvc}.`;
    critical(pass, { type: "InvalidSpec", reason: "NotSet" }, message);
  }
  pass.conditions.setReady(!pass.conditions.hasCritical(), "The copy is being followed.");
  if (!source || !hasSelector || !podNamespace) return done;
  const watched = await pass.wakeOn({
    cluster: source,
    kind: Pod,
    namespace: podNamespace,
    labelSelector: toLabelSelector(podSelector),
  });
  const pods = watched.list().toSorted((a, b) => attemptOf(a) - attemptOf(b));
  await keepResults(pass, source, pods.filter(isOver));
  const newest = pods.at(-1);
  if (newest === undefined || isOver(newest)) {
    followers.stop(pass.key);
    return done;
  }
  report(pass, newest, observe(pass, { source, followers }, newest));
  return waiting({ reason: "Copying", message: `Following pod ${newest.metadata.name ?? ""}.` });
}

function observe(
  pass: ReportPass,
  { source, followers }: { source: Cluster; followers: LogFollowers },
  pod: Pod,
): News | undefined {
  if (pod.status?.phase !== "Running") return undefined;
  const { namespace = "", name = "", uid = "" } = pod.metadata;
  return followers.follow({
    key: pass.key,
    cluster: source,
    pod: { namespace, name, uid },
    signal: pass.signal,
  });
}

/** Progress of an attempt under way, in the fields of the newest pod. */
function report(pass: ReportPass, pod: Pod, news: News | undefined): void {
  const { status } = pass;
  Object.assign(status, runningAttempt(pod, pass.now()));
  delete status.logMessage;
  delete status.exitCode;
  if (news?.waitsFor !== undefined) status.logMessage = news.waitsFor;
  const { seen } = news ?? {};
  if (seen === undefined) return;
  status.lastObservedProgressPercent = `${seen.percent}%`;
  status.lastObservedTransferRate = seen.rate;
  status.totalProgressPercentage = `${seen.percent}%`;
  status["transferredBytes"] = seen.bytes;
}

/** Results are read once, while the log is there; afterwards the pods may go. */
async function keepResults(
  pass: ReportPass,
  source: Cluster,
  ended: readonly Pod[],
): Promise<void> {
  for (const pod of ended) {
    const kept = pass.status.rsyncPodStatuses ?? [];
    if (kept.some(({ podName }) => podName === pod.metadata.name)) continue;
    const found = parseTransferLog(await readLog(source, pod));
    const attempt = finishedAttempt(pod, found);
    pass.status.rsyncPodStatuses = [...kept, attempt];
    keepVerdict(pass, attempt, found);
  }
}

function keepVerdict(pass: ReportPass, attempt: RsyncPodStatus, found: TransferReport): void {
  const { status, conditions } = pass;
  Object.assign(status, attempt);
  if (attempt.phase === "Succeeded") status.totalProgressPercentage = "100%";
  const { copied, proof } = found;
  if (copied) status.copied = figuresOf(copied);
  if (!proof) return;
  status.verification = { ...figuresOf(proof), differingPaths: [...found.differingPaths] };
  const isSame = proof.result === "verified" && attempt.phase === "Succeeded";
  conditions.remove(isSame ? "CopyDiffers" : "CopyVerified");
  conditions.set(isSame ? verified(proof) : differing(proof, found.differingPaths));
}

type Figures = NonNullable<TransferReport["copied"]>;

function verified(proof: Figures): ConditionInput {
  const { entries = 0, bytes = 0 } = proof;
  return {
    type: "CopyVerified",
    category: "Advisory",
    reason: reasonOf(proof),
    durable: true,
    message: `Both ends were compared (${COMPARED[reasonOf(proof)]}): ${entries} entries, ${bytes} bytes, no difference.`,
  };
}

function differing(proof: Figures, paths: readonly string[]): ConditionInput {
  const { entries = 0, differences = 0 } = proof;
  return {
    type: "CopyDiffers",
    category: "Critical",
    reason: reasonOf(proof),
    durable: true,
    message: `${differences} of ${entries} entries differ. The first: ${paths.slice(0, 3).join(", ")}.`,
  };
}

const COMPARED = {
  Content: "content of every file",
  Metadata: "entries, sizes, times, modes, owners and links",
} as const;

function reasonOf({ proof }: Figures): keyof typeof COMPARED {
  return proof === "checksum" ? "Content" : "Metadata";
}

function figuresOf(figures: Figures): Partial<Figures> {
  const { result: _result, exitCode: _exitCode, message: _message, ...counts } = figures;
  return counts;
}

async function readLog(cluster: Cluster, pod: Pod): Promise<string[]> {
  const { namespace = "", name = "" } = pod.metadata;
  const lines: string[] = [];
  // Evicted before it ran: there is no log to ask for.
  if (rsyncState(pod)?.terminated === undefined) return lines;
  const options = { container: "rsync", tailLines: LOG_LINES };
  for await (const line of cluster.logs({ namespace, name }, options)) lines.push(line);
  return lines;
}

async function readCluster(pass: ReportPass, deps: ReconcilerDeps): Promise<Cluster | undefined> {
  const ref = pass.object.spec.clusterRef;
  if (!isRefSet(ref)) {
    critical(
      pass,
      { type: "InvalidClusterRef", reason: "NotSet" },
      "spec.clusterRef does not name a cluster.",
    );
    return undefined;
  }
  const { host: cluster, namespace } = deps;
  const found = (await pass.wakeOn({ cluster, kind: MigCluster, namespace })).find(ref);
  if (!found) {
    critical(
      pass,
      { type: "InvalidClusterRef", reason: "NotFound" },
      `Cluster ${ref.name} is not registered.`,
    );
    return undefined;
  }
  const isReady = found.status?.conditions?.some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
  if (isReady) return deps.clusters.connect(ref);
  critical(
    pass,
    { type: "ClusterNotReady", reason: "NotReady" },
    `Cluster ${ref.name} is not ready.`,
  );
  return undefined;
}

function critical(
  pass: ReportPass,
  cause: { readonly type: string; readonly reason: string },
  message: string,
): void {
  pass.conditions.set({ ...cause, category: "Critical", message });
}
