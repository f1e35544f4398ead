import { z } from "zod";
import type { Cluster } from "@drover/kube";
import type { Database } from "../database/open-database.ts";
import type { LiveHub } from "../live/live-hub.ts";

export const Readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
});
export type Readiness = z.infer<typeof Readiness>;
type Check = Readiness["checks"][number];

export type HealthDeps = {
  readonly database: Database;
  readonly host: Cluster;
  readonly hub: LiveHub;
};

async function checked(name: string, find: () => Promise<string | undefined>): Promise<Check> {
  try {
    const detail = await find();
    return detail === undefined ? { name, ok: true } : { name, ok: false, detail };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether this process can do its work now, and if not, what is missing. */
export async function readReadiness({ database, host, hub }: HealthDeps): Promise<Readiness> {
  const checks = await Promise.all([
    checked("database", async () => {
      const missing = await database.missingMigrations();
      if (missing.length === 0) return undefined;
      return `The ${database.engine} database is behind this version: ${missing.join(", ")} not applied. Start the api with a user that may change tables.`;
    }),
    checked("host cluster", async () => {
      await host.version(AbortSignal.timeout(5000));
      return undefined;
    }),
    checked("live stores", async () => {
      const [problem] = hub.problems();
      return problem?.message;
    }),
  ]);
  return { ready: checks.every((check) => check.ok), checks };
}
