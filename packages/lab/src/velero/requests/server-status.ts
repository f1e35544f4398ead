import { ServerStatusRequest } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { nowText, patchStatus, type VeleroContext } from "../context.ts";
import { WorkQueue } from "../work-queue.ts";

const lifeMs = 60_000;

/** The Velero whose behaviour this one follows. */
const serverVersion = "v1.14.1-drover-lab";

const plugins = [
  { name: "velero.io/aws", kind: "ObjectStore" },
  { name: "velero.io/pod", kind: "BackupItemAction" },
  { name: "velero.io/pv", kind: "BackupItemAction" },
  { name: "velero.io/service-account", kind: "BackupItemAction" },
  { name: "velero.io/pod-volume-restore", kind: "RestoreItemAction" },
  { name: "openshift.io/common-restore-plugin", kind: "RestoreItemAction" },
];

/** Answers ServerStatusRequests. */
export class ServerStatusRequests {
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly #store: LiveStore<ServerStatusRequest>;

  constructor(context: VeleroContext) {
    this.#context = context;
    const { cluster, namespace, logger } = context;
    this.#queue = new WorkQueue({
      concurrency: 1,
      work: (name) => this.#reconcile(name),
      onProblem: (name, err) => logger.warn({ err, name }, "A ServerStatusRequest is tried again"),
    });
    this.#store = liveStore(cluster, ServerStatusRequest, { namespace });
    this.#store.subscribe(({ object, type }) => {
      if (type !== "DELETED") this.#queue.add(object.metadata.name ?? "");
    });
  }

  async close(): Promise<void> {
    this.#store.close();
    await this.#queue.close();
  }

  async #reconcile(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const request = await cluster.find(ServerStatusRequest, { name, namespace });
    if (request === undefined) return;
    if (request.status?.phase === "Processed") {
      const ageMs = Date.now() - Date.parse(request.status.processedTimestamp ?? "");
      if (ageMs < lifeMs) this.#queue.addAfter(name, lifeMs - ageMs);
      else await cluster.delete(ServerStatusRequest, { name, namespace });
      return;
    }
    const status = {
      phase: "Processed",
      processedTimestamp: nowText(),
      serverVersion,
      plugins,
    };
    await patchStatus(this.#context, ServerStatusRequest, { name, status });
  }
}
