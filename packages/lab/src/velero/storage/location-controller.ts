import { BackupStorageLocation, Secret } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { durationMs } from "../duration.ts";
import { WorkQueue } from "../work-queue.ts";
import { openLocation } from "./location.ts";

const defaultFrequencyMs = 60_000;

/** Keeps saying whether each BackupStorageLocation can be used: on every change, and now and then, for a bucket tells nobody. */
export class LocationController {
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly #secrets: LiveStore<Secret>;
  readonly store: LiveStore<BackupStorageLocation>;

  constructor(context: VeleroContext) {
    this.#context = context;
    const { cluster, namespace, logger } = context;
    this.#queue = new WorkQueue({
      concurrency: 4,
      work: (name) => this.#validate(name),
      onProblem: (name, err) => logger.warn({ err, name }, "A storage location is looked at again"),
    });
    this.store = liveStore(cluster, BackupStorageLocation, { namespace });
    this.#secrets = liveStore(cluster, Secret, { namespace, transform: withoutData });
    this.store.subscribe(({ object, previous, type }) => {
      const isChanged = JSON.stringify(object.spec) !== JSON.stringify(previous?.spec);
      if (type !== "DELETED" && isChanged) this.#queue.add(object.metadata.name ?? "");
    });
    this.#secrets.subscribe(({ object }) => this.#wakeUsers(object));
  }

  async close(): Promise<void> {
    this.store.close();
    this.#secrets.close();
    await this.#queue.close();
  }

  #wakeUsers({ metadata }: Secret): void {
    for (const { spec, metadata: own } of this.store.list()) {
      const name = spec.credential?.name ?? "cloud-credentials";
      if (name === metadata.name) this.#queue.add(own.name ?? "");
    }
  }

  async #validate(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const location = await cluster.find(BackupStorageLocation, { name, namespace });
    if (location === undefined) return;
    const problem = await this.#problem(location);
    const status = {
      phase: problem === undefined ? "Available" : "Unavailable",
      message: problem ?? null,
      lastValidationTime: nowText(),
    };
    await patchStatus(this.#context, BackupStorageLocation, { name, status });
    const frequencyMs = durationMs(location.spec.validationFrequency) ?? defaultFrequencyMs;
    if (frequencyMs > 0) this.#queue.addAfter(name, frequencyMs);
  }

  async #problem(location: BackupStorageLocation): Promise<string | undefined> {
    try {
      const { bucket } = await openLocation(this.#context, location);
      try {
        await bucket.check();
      } finally {
        bucket.close();
      }
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
}

/** Only that a Secret changed is of interest here. */
function withoutData(secret: Secret): Secret {
  const { data: _data, stringData: _stringData, ...rest } = secret;
  return rest;
}
