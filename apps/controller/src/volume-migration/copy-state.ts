import type { DirectVolumeMigrationProgress, RsyncPodStatus } from "@drover/crds";

/** Where the copy of one volume stands, from what its report has kept. */
export type CopyState =
  | { readonly state: "copied" }
  | { readonly state: "failed"; readonly message: string; readonly differs: boolean }
  /** `attempt` is under way or to be started. */
  | { readonly state: "copying"; readonly attempt: number };

export type CopyRules = {
  /** Attempts per volume. */
  readonly limit: number;
  /** True when only a proven copy counts. */
  readonly needsProof: boolean;
};

/** Wrong options and unlike versions stay wrong however often they are tried. */
const HOPELESS: readonly number[] = [1, 2, 64];
/** A difference may come from a write that was still on its way; one that comes back does not go away. */
const MAX_DIFFERING = 2;

export function copyState(
  report: DirectVolumeMigrationProgress | undefined,
  { limit, needsProof }: CopyRules,
): CopyState {
  const attempts = report?.status?.rsyncPodStatuses ?? [];
  const last = attempts.at(-1);
  if (last === undefined) return { state: "copying", attempt: 1 };
  const isProven = hasCondition(report, "CopyVerified");
  if (last.phase === "Succeeded" && (isProven || !needsProof)) return { state: "copied" };
  const differs = hasCondition(report, "CopyDiffers");
  const isLost =
    attempts.length >= limit ||
    HOPELESS.includes(last.exitCode ?? 0) ||
    (differs && attempts.length >= MAX_DIFFERING);
  if (isLost) return { state: "failed", message: failureMessage(last, attempts.length), differs };
  return { state: "copying", attempt: attempts.length + 1 };
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
