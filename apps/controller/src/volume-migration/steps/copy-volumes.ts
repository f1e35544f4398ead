import { DirectVolumeMigrationProgress, Pod } from "@drover/crds";
import { comparisonOptions, rsyncOptions } from "../../manifests/rsync-options.ts";
import { transferClientPod } from "../../manifests/transfer-pods.ts";
import type { TransferAddress } from "../../manifests/transfer-pods.ts";
import { transferNames, transferSelector } from "../../manifests/transfer-run.ts";
import type { VolumeCopy } from "../../manifests/transfer-run.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import type { Step } from "../../runtime/step.ts";
import { backOffMs, copyState } from "../copy-state.ts";
import type { Copying } from "../copy-state.ts";
import { createOrFind } from "../create-or-find.ts";
import { isOver, mountsClaim } from "../pod-claims.ts";
import { endedAt } from "../progress/attempt-status.ts";
import { showCopies } from "../show-copies.ts";
import { transferAddresses } from "../transfer-address.ts";
import { sourceSide, transferIdentity } from "../transfer-identity.ts";
import { isLastSync } from "../volume-scope.ts";
import type { VolumeScope } from "../volume-scope.ts";
import { watchServers } from "./run-servers.ts";

/** Volumes of a run that are copied at the same time: more than this share the same wire and only slow each other. */
const PARALLEL_COPIES = 4;

/** Done when every volume is copied and, after the last synchronisation, proven equal. */
export const copyVolumes: Step<VolumeScope> = {
  name: "RunRsyncOperations",
  async run(scope) {
    const copying = await readCopying(scope);
    const failed = copying.filter(({ state }) => state.state === "failed");
    const open = copying.filter(({ state }) => state.state === "copying");
    if (open.length > 0) return runClients(scope, open);
    return failed.length === 0 ? done : refuse(scope, failed);
  },
};

async function readCopying(scope: VolumeScope): Promise<Copying[]> {
  const { pass, deps, run, copies, settings } = scope;
  const reports = await pass.wakeOn({
    cluster: deps.host,
    kind: DirectVolumeMigrationProgress,
    namespace: deps.namespace,
    matches: ({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === run.uid) ?? false,
  });
  const limit = pass.object.spec.backOffLimit || settings.rsync.backoffLimit;
  const rules = { limit, needsProof: isLastSync(scope), compareOnly: run.compareOnly };
  const found = copies.map((copy) => {
    const name = transferNames.progress(run, copy);
    const report = reports.find({ namespace: deps.namespace, name });
    return { copy, report, state: copyState(report, rules) };
  });
  showCopies(pass.status, found);
  return found;
}

async function runClients(scope: VolumeScope, open: readonly Copying[]): Promise<Outcome> {
  const { pass, source, run } = scope;
  const pods = await pass.wakeOn({
    cluster: source.cluster,
    kind: Pod,
    labelSelector: transferSelector(run),
  });
  const servers = await watchServers(scope);
  const addresses = await transferAddresses(scope, servers);
  const podOf = ({ copy }: Copying, attempt: number) =>
    pods.find({ namespace: copy.claim.namespace, name: transferNames.client(run, copy, attempt) });
  let running = open.filter((one) => hasLivePod(podOf(one, attemptOf(one)))).length;
  let afterMs: number | undefined;
  for (const one of open) {
    const attempt = attemptOf(one);
    if (podOf(one, attempt) || running >= PARALLEL_COPIES) continue;
    const restMs = restBefore(pass.now(), attempt, podOf(one, attempt - 1));
    if (restMs > 0) {
      afterMs = Math.min(afterMs ?? restMs, restMs);
      continue;
    }
    const address = addresses.get(one.copy.target.namespace);
    if (address === undefined) continue;
    await startClient(scope, one.copy, { attempt, address, servers });
    running += 1;
  }
  return waiting({
    reason: "Copying",
    message: waitMessage(scope, open, addresses.size < servers.length),
    ...(afterMs === undefined ? {} : { afterMs }),
  });
}

function waitMessage(
  { run, target, source }: VolumeScope,
  open: readonly Copying[],
  lacksAddress: boolean,
): string {
  if (lacksAddress) {
    return `Waiting for cluster ${target.ref.name} to give the transfer endpoint an address.`;
  }
  const work = run.compareOnly ? "compare" : "copy";
  const told = open.flatMap(({ copy, report }) => {
    const { phase, logMessage } = report?.status ?? {};
    if (phase !== "Running" || logMessage === undefined) return [];
    return [`${copy.claim.namespace}/${copy.claim.name}: ${logMessage}`];
  });
  const words = `Waiting for transfer pods on cluster ${source.ref.name} to ${work} volumes.`;
  return [words, ...told].join(" ");
}

type Start = {
  readonly attempt: number;
  readonly address: TransferAddress;
  readonly servers: readonly Pod[];
};

async function startClient(
  scope: VolumeScope,
  copy: VolumeCopy,
  { attempt, address, servers }: Start,
): Promise<void> {
  const { run, source, settings } = scope;
  const identity = await transferIdentity(scope, servers);
  const proof = copy.isVerified ? "checksum" : "metadata";
  const options = run.compareOnly
    ? comparisonOptions(identity)
    : rsyncOptions(settings.rsync, identity);
  const pod = transferClientPod(
    run,
    {
      copy,
      attempt,
      address,
      // Without --checksum rsync would skip files that differ in content alone, and the proof would find them.
      rsyncOptions: copy.isVerified ? [...options, "--checksum"] : options,
      proof: isLastSync(scope) ? proof : "none",
      proxy: settings.stunnelTcpProxy,
      nodeName: await nodeOfClaim(scope, copy),
    },
    sourceSide(scope, identity),
  );
  await createOrFind(source.cluster, Pod, pod);
}

async function nodeOfClaim(
  { source }: VolumeScope,
  { claim }: VolumeCopy,
): Promise<string | undefined> {
  const pods = await source.cluster.list(Pod, { namespace: claim.namespace });
  return pods.find((pod) => mountsClaim(pod, claim.name) && pod.status?.phase === "Running")?.spec
    .nodeName;
}

function attemptOf({ state }: Copying): number {
  return state.state === "copying" ? state.attempt : 0;
}

function hasLivePod(pod: Pod | undefined): boolean {
  return pod !== undefined && !isOver(pod);
}

function restBefore(now: Date, attempt: number, previous: Pod | undefined): number {
  const ended = previous && endedAt(previous);
  return ended === undefined ? 0 : ended + backOffMs(attempt) - now.getTime();
}

function refuse({ run, source, target }: VolumeScope, failed: readonly Copying[]): Outcome {
  const sentences = failed.map(({ copy, state }) => {
    const words = state.state === "failed" ? state.message : "";
    return `${copy.claim.namespace}/${copy.claim.name}: ${words}`;
  });
  const differs = failed.some(({ state }) => state.state === "failed" && state.differs);
  const what = run.compareOnly
    ? `are not proven equal on clusters ${source.ref.name} and ${target.ref.name}`
    : `could not be copied from cluster ${source.ref.name} to ${target.ref.name}`;
  return blocked({
    reason: differs ? "CopyDiffers" : "RsyncFailed",
    message: `${failed.length} volumes ${what}. ${sentences.join(" ")}`,
  });
}
