import type { DirectVolumeMigrationProgress, RsyncPodStatus } from "@drover/crds";
import type { VolumeCopy } from "../manifests/transfer-run.ts";

/** Where the copy of one volume stands, from what its report has kept. */
export type CopyState =
  | { readonly state: "copied" }
  | { readonly state: "failed"; readonly message: string; readonly differs: boolean }
  /** `attempt` is under way or to be started. */
  | { readonly state: "copying"; readonly attempt: number };

/** One volume of a run, and how far it is. */
export type Copying = {
  readonly copy: VolumeCopy;
  readonly state: CopyState;
  readonly report: DirectVolumeMigrationProgress | undefined;
};

export type CopyRules = {
  /** Attempts per volume. */
  readonly limit: number;
  /** True when only a proven copy counts. */
  readonly needsProof: boolean;
  /** True when nothing is copied: then a difference cannot go away. */
  readonly compareOnly: boolean;
};

/** Wrong options and unlike versions stay wrong however often they are tried. */
const HOPELESS: readonly number[] = [1, 2, 64];
/** A difference may come from a write that was still on its way; one that comes back does not go away. */
const MAX_DIFFERING = 2;

export function copyState(
  report: DirectVolumeMigrationProgress | undefined,
  { limit, needsProof, compareOnly }: CopyRules,
): CopyState {
  const attempts = attemptsOf(report);
  const last = attempts.at(-1);
  if (last === undefined) return { state: "copying", attempt: 1 };
  const isProven = hasCondition(report, "CopyVerified") || !needsProof;
  if (last.phase === "Succeeded" && isProven) return { state: "copied" };
  const differs = hasCondition(report, "CopyDiffers");
  const count = attempts.length;
  const tries = differs ? Math.min(limit, compareOnly ? 1 : MAX_DIFFERING) : limit;
  if (isWorthTrying(last) && count < tries) {
    return { state: "copying", attempt: count + 1 };
  }
  return { state: "failed", message: failureMessage(last, count), differs };
}

function attemptsOf(report: DirectVolumeMigrationProgress | undefined): RsyncPodStatus[] {
  return report?.status?.rsyncPodStatuses ?? [];
}

function isWorthTrying({ exitCode }: RsyncPodStatus): boolean {
  return exitCode === undefined || !HOPELESS.includes(exitCode);
}

/** How long to wait before an attempt: one second after the first failure, doubling up to a minute. */
export function backOffMs(attempt: number): number {
  return attempt <= 1 ? 0 : Math.min(1_000 * 2 ** (attempt - 2), 60_000);
}

function hasCondition(report: DirectVolumeMigrationProgress | undefined, type: string): boolean {
  return Boolean(
    report?.status?.conditions?.some(
      (condition) => condition.type === type && condition.status === "True",
    ),
  );
}

function failureMessage(last: RsyncPodStatus, attempts: number): string {
  const words = last.logMessage ?? "The transfer pod left no message.";
  return attempts === 1 ? words : `${words} (${attempts} attempts)`;
}
