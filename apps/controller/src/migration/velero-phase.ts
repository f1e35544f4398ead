const OVER: readonly string[] = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

/** True when Velero will do nothing more about a backup or restore. */
export function isVeleroOver(phase: string | undefined): boolean {
  return phase !== undefined && OVER.includes(phase);
}

/** How a backup or restore ended, or that it has not. Phases that newer versions add count as under way. */
export function veleroResult(
  phase: string | undefined,
): "running" | "completed" | "partial" | "failed" {
  if (phase === "Completed") return "completed";
  if (phase === "PartiallyFailed") return "partial";
  return phase === "Failed" || phase === "FailedValidation" ? "failed" : "running";
}
