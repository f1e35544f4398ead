import type { MigrationScope } from "../migration-scope.ts";
import { unprovenClaims } from "./migrate-volumes.ts";

/** Silence would read as proof: a run that compared nothing says so, and why. */
export function reportUnproven(scope: MigrationScope): void {
  const claims = unprovenClaims(scope);
  if (claims.length === 0) return;
  const why = scope.pass.object.spec.quiescePods
    ? "they are raw devices, whose content is not compared after a copy through the repository. Check them on the target cluster"
    : "the applications were not stopped and may have written meanwhile. If every write counts, roll back and run a cutover that stops them";
  scope.pass.conditions.set({
    type: "CopyNotVerified",
    category: "Warn",
    reason: "NotCompared",
    durable: true,
    message: `Both ends of volumes [] were not compared after the last copy: ${why}.`,
    items: claims.map(({ namespace, claim }) => `${namespace.source}/${claim.source}`),
  });
}
