/** When a hook runs; a plan has at most one hook for each. */
export const hookPhases = ["PreBackup", "PostBackup", "PreRestore", "PostRestore"] as const;
export type HookPhase = (typeof hookPhases)[number];
