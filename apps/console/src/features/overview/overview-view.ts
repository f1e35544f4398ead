import type { MigCluster, MigMigration, MigPlan, MigStorage } from "@drover/crds";
import {
  newestFirst,
  migrationView,
  type MigrationView,
} from "../../shared/migration/migration-view.ts";
import { pipelineView, type StepView } from "../../shared/migration/pipeline-view.ts";
import { readinessFrom } from "../../shared/readiness.ts";

/** Something that needs a person, and where to go about it. */
export type Attention = {
  readonly key: string;
  readonly severity: "danger" | "warning";
  readonly title: string;
  readonly detail: string;
  readonly href: string;
  readonly action: string;
};

export type RunningMigration = {
  readonly view: MigrationView;
  readonly route: string;
  readonly steps: readonly StepView[];
};

/** A step of getting started, ticked when done. */
export type GuideStep = {
  readonly title: string;
  readonly detail: string;
  readonly href: string;
  readonly isDone: boolean;
};

export type Overview = {
  readonly guide: readonly GuideStep[];
  /** True once every step of the guide was taken; the guide then steps aside. */
  readonly isSetUp: boolean;
  readonly running: readonly RunningMigration[];
  readonly attention: readonly Attention[];
  /** Newest first. */
  readonly finished: readonly MigrationView[];
};

export type OverviewParts = {
  readonly clusters: readonly MigCluster[];
  readonly storages: readonly MigStorage[];
  readonly plans: readonly MigPlan[];
  readonly migrations: readonly MigMigration[];
};

const FINISHED_SHOWN = 8;

function guideOf({ clusters, storages, plans, migrations }: OverviewParts): readonly GuideStep[] {
  return [
    {
      title: "Add a cluster",
      detail: "Source and target of the migration, each with its URL and a service account token.",
      href: "/clusters/new",
      isDone: clusters.length >= 2,
    },
    {
      title: "Add a replication repository",
      detail: "An object store that both clusters reach.",
      href: "/repositories/new",
      isDone: storages.length > 0,
    },
    {
      title: "Create a plan",
      detail: "Which namespaces move, under which names, and what happens to their volumes.",
      href: "/plans/new",
      isDone: plans.length > 0,
    },
    {
      title: "Migrate",
      detail: "Stage the plan to copy data ahead of time, then cut over.",
      href: "/plans",
      isDone: migrations.length > 0,
    },
  ];
}

function notReady(
  object: MigCluster | MigStorage | MigPlan,
  { word, href, action }: { word: string; href: string; action: string },
): readonly Attention[] {
  const readiness = readinessFrom(object.status?.conditions);
  const name = object.metadata.name ?? "";
  if (readiness.state !== "failed") return [];
  return [
    {
      key: `${word} ${name}`,
      severity: "danger",
      title: `${word} ${name} is not ready`,
      detail: readiness.reasons.join(" "),
      href,
      action,
    },
  ];
}

/** The newest run of each plan, when it failed; older failures were answered by what came after. */
function failedRuns(views: readonly MigrationView[]): readonly Attention[] {
  const newest = new Map<string, MigrationView>();
  for (const view of views) if (!newest.has(view.plan)) newest.set(view.plan, view);
  return [...newest.values()]
    .filter(({ run }) => run.state === "failed")
    .map((view) => ({
      key: `run ${view.name}`,
      severity: "danger",
      title: `${view.action} of ${view.plan} failed`,
      detail: view.run.errors[0] ?? "The run's page says why.",
      href: `/plans/${view.plan}/migrations/${view.name}`,
      action: "See why",
    }));
}

/** Everything that the landing page shows. */
export function overviewOf(parts: OverviewParts): Overview {
  const { clusters, storages, plans, migrations } = parts;
  const sorted = newestFirst(migrations);
  const views = sorted.map(migrationView);
  const guide = guideOf(parts);
  const route = (planName: string) => {
    const spec = plans.find(({ metadata }) => metadata.name === planName)?.spec;
    return `${spec?.srcMigClusterRef?.name ?? "?"} → ${spec?.destMigClusterRef?.name ?? "?"}`;
  };
  return {
    guide,
    isSetUp: guide.every(({ isDone }) => isDone),
    running: sorted.flatMap((migration, index) => {
      const view = views[index];
      return view === undefined || view.run.isOver
        ? []
        : [{ view, route: route(view.plan), steps: pipelineView(migration) }];
    }),
    attention: [
      ...failedRuns(views),
      ...clusters.flatMap((each) =>
        notReady(each, {
          word: "Cluster",
          href: each.spec.isHostCluster ? "/clusters" : `/clusters/${each.metadata.name ?? ""}`,
          action: "Look at it",
        }),
      ),
      ...storages.flatMap((each) =>
        notReady(each, {
          word: "Replication repository",
          href: `/repositories/${each.metadata.name ?? ""}`,
          action: "Look at it",
        }),
      ),
      ...plans.flatMap((each) =>
        notReady(each, {
          word: "Plan",
          href: `/plans/${each.metadata.name ?? ""}`,
          action: "Look at it",
        }),
      ),
    ],
    finished: views.filter(({ run }) => run.isOver).slice(0, FINISHED_SHOWN),
  };
}
