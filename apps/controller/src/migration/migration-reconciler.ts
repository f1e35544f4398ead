import { MigMigration, conditionsOf } from "@drover/crds";
import type { ItineraryName, MigPlan, PipelineStepName } from "@drover/crds";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { done, waiting } from "../runtime/outcome.ts";
import type { Outcome } from "../runtime/outcome.ts";
import type { Reconciler } from "../runtime/reconciler.ts";
import { runItinerary } from "../runtime/step.ts";
import { chooseItinerary, itineraries, phaseDescriptions } from "./itineraries.ts";
import type { MigrationPass, MigrationScope } from "./migration-scope.ts";
import { atStep, ended, failedAt, withProgress, withSteps } from "./pipeline.ts";
import { ensureTies, findPlan, findSiblings, readMigrationScope } from "./read-migration-scope.ts";
import { conclude } from "./conclude.ts";
import { measureMigrations } from "./workload-metrics.ts";
import { planRefProblem, predecessor, validate } from "./validate.ts";

/** Carries out one run of a plan. */
export function migrationReconciler(deps: ReconcilerDeps): Reconciler<MigMigration> {
  return {
    kind: MigMigration,
    workers: 10,
    observed: "digest",
    measure: (migrations) => measureMigrations(deps.metrics, migrations),
    reconcile: (pass) => reconcile(pass, deps),
  };
}

async function reconcile(pass: MigrationPass, deps: ReconcilerDeps): Promise<Outcome> {
  const { conditions, status } = pass;
  if (status.phase === "Completed") {
    conditions.keepAll();
    return done;
  }
  const plan = await findPlan(pass, deps);
  if (plan === undefined) return refuseWithoutPlan(pass);
  await ensureTies(pass, plan);
  const siblings = await findSiblings(pass, deps, plan);
  const itinerary = chooseItinerary(pass.object, conditions);
  // What cleans up must not wait for its turn, nor for a plan that has become unready.
  const isCleanUp = itinerary === "Cancel" || itinerary === "Failed";
  if (!isCleanUp) {
    validate(pass, plan, siblings);
    if (!conditions.hasBlocker()) postpone(pass, siblings);
    if (conditions.hasBlocker()) {
      return waiting({ reason: "Blocked", message: "The conditions say what has to change." });
    }
  }
  return carryOut(pass, deps, { plan, siblings, itinerary });
}

type Run = {
  readonly plan: MigPlan;
  readonly siblings: readonly MigMigration[];
  readonly itinerary: ItineraryName;
};

async function carryOut(
  pass: MigrationPass,
  deps: ReconcilerDeps,
  { plan, siblings, itinerary }: Run,
): Promise<Outcome> {
  const course = courseOf(itinerary);
  const hasChanged = pass.status.itinerary !== itinerary;
  const cursor = hasChanged ? 0 : course.indexOf(pass.status.phase ?? "");
  if (cursor === -1) return refuseUnknownPhase(pass, itinerary);
  let current = course.pipelineOf(pass.status.phase ?? "");
  const show = (change: typeof withProgress, lines: readonly string[]) => {
    pass.status.pipeline = change(pass.status.pipeline ?? [], current, lines);
  };
  const scope = await readMigrationScope(pass, deps, {
    plan,
    siblings,
    isPast: (phase) => course.indexOf(phase) < cursor,
    showProgress: (lines) => show(withProgress, lines),
  });
  if (hasChanged) await beginItinerary(scope, itinerary);
  const enter = (phase: string) => {
    // A step that is kept true runs again now and then; that is not where the run stands.
    if (course.indexOf(phase) < cursor) return;
    current = course.pipelineOf(phase);
    const description = phaseDescriptions[phase] ?? "";
    const position = { step: current, phase, description };
    pass.status.phase = phase;
    pass.status.pipeline = atStep(pass.status.pipeline ?? [], position, pass.now());
  };
  const progress = await runItinerary(course.steps, scope, {
    signal: pass.signal,
    onStart: enter,
  });
  if (progress.outcome.state === "blocked") {
    pass.status.pipeline = failedAt(pass.status.pipeline ?? [], current);
  }
  if (progress.outcome.state === "done") {
    pass.status.phase = "Completed";
    pass.status.pipeline = ended(pass.status.pipeline ?? [], pass.now());
  }
  return conclude(pass, progress);
}

/** Lists the steps that apply; what cleans up comes behind what was begun. */
async function beginItinerary(scope: MigrationScope, itinerary: ItineraryName): Promise<void> {
  const { status } = scope.pass;
  const names: PipelineStepName[] = [];
  for (const { pipeline, steps } of itineraries[itinerary]) {
    const applying = await Promise.all(
      steps.map(async (step) => (await step.when?.(scope)) ?? true),
    );
    if (applying.includes(true)) names.push(pipeline);
  }
  status.itinerary = itinerary;
  status.pipeline = withSteps(status.pipeline ?? [], names);
  status.phase = courseOf(itinerary).names[0] ?? "";
}

function courseOf(itinerary: ItineraryName) {
  const stretches = itineraries[itinerary];
  const steps = stretches.flatMap((stretch) => stretch.steps);
  const names = steps.map(({ name }) => name);
  const pipelines = stretches.map(({ pipeline }) => pipeline);
  const pipelineByPhase = new Map<string, PipelineStepName>(
    stretches.flatMap(({ pipeline, steps: own }) =>
      own.map(({ name }) => [name, pipeline] as const),
    ),
  );
  return {
    steps,
    names,
    indexOf: (phase: string) => names.indexOf(phase),
    pipelineOf: (phase: string): PipelineStepName =>
      pipelineByPhase.get(phase) ?? pipelines[0] ?? "Prepare",
  };
}

function postpone(pass: MigrationPass, siblings: readonly MigMigration[]): void {
  const before = predecessor(pass.object, siblings);
  if (before === undefined) return;
  pass.conditions.set({
    type: "Postponed",
    category: "Critical",
    message: `Migration ${before.metadata.name ?? ""} of the same plan has to finish first.`,
  });
}

function refuseWithoutPlan(pass: MigrationPass): Outcome {
  const { name = "" } = pass.object.spec.migPlanRef ?? {};
  const message = `Plan ${name} does not exist. Create it, or delete this migration.`;
  const problem = planRefProblem(pass.object) ?? {
    type: "InvalidPlanRef",
    reason: "NotFound",
    message,
  };
  pass.conditions.set({ category: "Critical", ...problem });
  return waiting({ reason: "InvalidPlanRef", message: problem.message });
}

/** Written by another version, or by hand: guessing where to go on could lose data. */
function refuseUnknownPhase(pass: MigrationPass, itinerary: ItineraryName): Outcome {
  const message = `The phase ${pass.status.phase ?? ""} is not one of itinerary ${itinerary}. Cancel this migration and start another.`;
  pass.conditions.set({
    type: "UnknownPhase",
    category: "Critical",
    reason: "NotSupported",
    message,
  });
  const unfinished = conditionsOf(pass.object.status?.conditions, "Warn").map(({ type }) => type);
  pass.conditions.keep(...unfinished);
  return waiting({ reason: "UnknownPhase", message });
}
