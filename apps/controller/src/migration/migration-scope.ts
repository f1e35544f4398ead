import type { ClaimMapping, MigMigration, PipelineStepName, SetReference } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { MigrationRun } from "../manifests/migration-run.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Pass } from "../runtime/reconciler.ts";
import type { Step } from "../runtime/step.ts";
import type { ControllerSettings } from "../settings/controller-settings.ts";

export type MigrationPass = Pass<MigMigration>;

/** One of the plan's clusters. */
export type PlanCluster = { readonly ref: SetReference; readonly cluster: Cluster };

/** What the steps of a migration work with. */
export type MigrationScope = {
  readonly pass: MigrationPass;
  readonly deps: ReconcilerDeps;
  readonly run: MigrationRun;
  readonly source: PlanCluster;
  readonly target: PlanCluster;
  /** The claims of the plan that are not skipped. */
  readonly claims: readonly ClaimMapping[];
  readonly settings: ControllerSettings;
  /** Every migration of the plan, this one included. */
  readonly siblings: readonly MigMigration[];
  /** True once the phase lies behind: what it did is not done again. */
  isPast(phase: string): boolean;
  /** Replaces the progress lines of the current pipeline step. */
  showProgress(lines: readonly string[]): void;
};

export type MigrationStep = Step<MigrationScope>;

/** Steps that one step of the pipeline shows together. */
export type Stretch = {
  readonly pipeline: PipelineStepName;
  readonly steps: readonly MigrationStep[];
};

export function sourceNamespaces({ run }: Pick<MigrationScope, "run">): string[] {
  return run.namespaces.map(({ source }) => source);
}

export function targetNamespaces({ run }: Pick<MigrationScope, "run">): string[] {
  return run.namespaces.map(({ destination }) => destination);
}
