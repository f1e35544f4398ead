import { Backup, Restore, type PodVolumeRestore } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { listProblems } from "../resource-filter.ts";
import { openNamedLocation, type Location } from "../storage/location.ts";
import { WorkQueue } from "../work-queue.ts";
import { RestoreRun, type RestoreEnd } from "./restore-run.ts";

export type RestoreControllerOptions = {
  readonly context: VeleroContext;
  readonly volumeStore: LiveStore<PodVolumeRestore>;
  readonly volumeTimeoutMs: number;
};

type Validated =
  | { readonly backup: Backup; readonly location: Location; readonly problems?: undefined }
  | { readonly problems: readonly string[] };

/** Carries out Restores, one after the other, as Velero does. */
export class RestoreController {
  readonly #options: RestoreControllerOptions;
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly #store: LiveStore<Restore>;

  constructor(options: RestoreControllerOptions) {
    this.#options = options;
    this.#context = options.context;
    const { cluster, namespace, logger } = options.context;
    this.#queue = new WorkQueue({
      concurrency: 1,
      work: (name) => this.#reconcile(name),
      onProblem: (name, err) => logger.warn({ err, name }, "A Restore is tried again"),
    });
    this.#store = liveStore(cluster, Restore, { namespace });
    this.#store.subscribe(({ object }) => {
      if (isNew(object)) this.#queue.add(object.metadata.name ?? "");
    });
  }

  async close(): Promise<void> {
    this.#store.close();
    await this.#queue.close();
  }

  async #reconcile(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const restore = await cluster.find(Restore, { name, namespace });
    if (restore === undefined || !isNew(restore)) return;
    const validated = await this.#validate(restore);
    if (validated.problems !== undefined) {
      const status = { phase: "FailedValidation", validationErrors: validated.problems };
      await patchStatus(this.#context, Restore, { name, status });
      return;
    }
    const status = { phase: "InProgress", startTimestamp: nowText() };
    await patchStatus(this.#context, Restore, { name, status });
    try {
      await this.#carryOut(restore, validated.backup.metadata.name ?? "", validated.location);
    } finally {
      validated.location.bucket.close();
    }
  }

  async #validate(restore: Restore): Promise<Validated> {
    const { spec } = restore;
    const { cluster, namespace } = this.#context;
    const problems = [
      ...listProblems(
        { included: spec.includedResources, excluded: spec.excludedResources },
        "resource",
      ),
      ...listProblems(
        { included: spec.includedNamespaces, excluded: spec.excludedNamespaces },
        "namespace",
      ),
    ];
    if (spec.scheduleName)
      problems.push("Schedules are not served by this Velero. Name a backup in backupName.");
    const name = spec.backupName ?? "";
    const backup = name === "" ? undefined : await cluster.find(Backup, { name, namespace });
    if (backup === undefined) {
      problems.push(
        `The Backup "${name}" does not exist in namespace ${namespace} of this cluster.`,
      );
    }
    if (backup === undefined || problems.length > 0) return { problems };
    try {
      const location = await openNamedLocation(this.#context, backup.spec.storageLocation ?? "");
      return { backup, location };
    } catch (error) {
      return { problems: [`The backup's storage location cannot be used: ${messageOf(error)}`] };
    }
  }

  async #carryOut(restore: Restore, backupName: string, location: Location): Promise<void> {
    const name = restore.metadata.name ?? "";
    const { volumeStore, volumeTimeoutMs } = this.#options;
    const context = this.#context;
    const options = { context, volumeStore, restore, backupName, location, volumeTimeoutMs };
    try {
      await this.#finish(name, await new RestoreRun(options).run());
    } catch (error) {
      // A restore cut off by the end of this process is marked at the next start.
      if (context.signal.aborted) return;
      context.logger.error({ err: error, name }, "A Restore failed");
      const status = {
        phase: "Failed",
        failureReason: messageOf(error),
        completionTimestamp: nowText(),
      };
      await patchStatus(context, Restore, { name, status });
    }
  }

  async #finish(name: string, { status, annotations }: RestoreEnd): Promise<void> {
    const { cluster, namespace } = this.#context;
    const body = { metadata: { annotations }, status };
    const found = await cluster.find(Restore, { name, namespace });
    if (found) await cluster.patch(Restore, { name, namespace }, { type: "merge", body });
  }
}

function isNew({ metadata, status }: Restore): boolean {
  const phase = status?.phase ?? "";
  return metadata.deletionTimestamp === undefined && (phase === "" || phase === "New");
}
