import type { ConditionCategory } from "../condition.ts";
import { conditionCatalogue } from "../migration/condition-catalogue.ts";
import { MigMigration } from "../migration/mig-migration.ts";
import { MigPlan } from "../migration/mig-plan.ts";

const migrationGroup = { apiVersion: "migration.openshift.io/v1alpha1" } as const;
let clock = 0;

/** For tests: a run, created after the ones made before it, with conditions of the catalogue by type. */
export function runWith(
  spec: object,
  types: readonly (keyof typeof conditionCatalogue.MigMigration)[],
  status: object = {},
): MigMigration {
  clock += 1;
  return MigMigration.schema.parse({
    ...migrationGroup,
    kind: "MigMigration",
    metadata: { name: `run-${clock}`, creationTimestamp: minute(clock) },
    spec,
    status: { conditions: conditions(conditionCatalogue.MigMigration, types), ...status },
  });
}

/** For tests: a plan with conditions of the catalogue by type. */
export function planWith(
  types: readonly (keyof typeof conditionCatalogue.MigPlan)[],
  spec: object = {},
): MigPlan {
  return MigPlan.schema.parse({
    ...migrationGroup,
    kind: "MigPlan",
    metadata: { name: "plan" },
    spec,
    status: { conditions: conditions(conditionCatalogue.MigPlan, types) },
  });
}

type Facts = { readonly category: ConditionCategory | readonly ConditionCategory[] };

function conditions(
  catalogue: Readonly<Record<string, Facts>>,
  types: readonly string[],
): object[] {
  return types.map((type) => ({
    type,
    status: "True",
    category: [catalogue[type]?.category ?? "Advisory"].flat()[0],
    message: `About ${type}.`,
    lastTransitionTime: minute(500),
  }));
}

function minute(count: number): string {
  return `2026-01-01T${String(Math.floor(count / 60)).padStart(2, "0")}:${String(count % 60).padStart(2, "0")}:00Z`;
}
