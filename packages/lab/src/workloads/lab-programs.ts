import type { Program } from "../node/program.ts";
import { http, pause, shell } from "../node/programs/generic.ts";
import { transfer } from "../node/programs/transfer.ts";
import { restoreWaitProgram } from "../velero/restore-wait-program.ts";
import { ledger } from "./ledger.ts";
import { shopFiles } from "./shop-files.ts";
import { shopWorker } from "./shop-worker.ts";

/** Every image the lab's nodes can run, by repository. */
export const labPrograms: Readonly<Record<string, Program>> = {
  "registry.k8s.io/pause": pause,
  "drover.lab/shell": shell,
  "drover.lab/http": http,
  "drover.lab/ledger": ledger,
  "drover.lab/shop-files": shopFiles,
  "drover.lab/shop-worker": shopWorker,
  "quay.io/drover/transfer": transfer,
  "velero/velero-restore-helper": restoreWaitProgram,
};
