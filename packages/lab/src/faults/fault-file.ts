import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Logger } from "pino";
import { parse } from "yaml";
import { z } from "zod";
import { reasonOf } from "../node/runtime/cluster-view.ts";
import { FaultSettings } from "./fault-settings.ts";
import type { LabFaults } from "./lab-faults.ts";

export type FaultFile = { close(): Promise<void> };

/**
 * Follows a file that says what is to go wrong, for people who try the product. A file that is not understood changes
 * nothing; without the file all is well. Its folder has to be there.
 */
export async function followFaultFile(
  path: string,
  faults: LabFaults,
  log: Logger,
): Promise<FaultFile> {
  let known: string | undefined;
  const look = async (): Promise<void> => {
    const text = await readFile(path, "utf8").catch(unlessMissing);
    if (text === known) return;
    known = text;
    try {
      const settings = FaultSettings.parse(parse(text ?? "") ?? {});
      await faults.set(settings);
      log.warn({ faults: settings }, text === undefined ? "All is well again" : "Misbehaving now");
    } catch (error) {
      log.error(`${path} changes nothing: ${problemOf(error)}`);
    }
  };
  let looking = look();
  const watcher = watch(dirname(path), (_, name) => {
    if (name === basename(path)) looking = looking.then(look);
  });
  await looking;
  return {
    async close() {
      watcher.close();
      await looking;
    },
  };
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw error;
}

function problemOf(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error);
}
