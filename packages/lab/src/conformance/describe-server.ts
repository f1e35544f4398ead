import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { runCase, whyNotApplicable } from "./conformance-case.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import { conformanceSuites } from "./conformance-suites.ts";
import { kubeconfigOf } from "./kubectl.ts";
import type { RunningServer } from "./server-under-test.ts";

/** Makes a test of every case for this server; those it cannot be asked are skipped, and say why. */
export function describeServer({ server, close }: RunningServer): void {
  const directory = mkdtempSync(join(tmpdir(), "conformance-"));
  const kubeconfig = join(directory, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigOf(server));
  const expectConformance = (one: ConformanceCase): Promise<void> =>
    runCase(server, one, kubeconfig);

  afterAll(async () => {
    await close();
    rmSync(directory, { recursive: true });
  }, 60_000);

  describe(`${server.name} ${server.version}`, () => {
    for (const [suite, cases] of Object.entries(conformanceSuites)) {
      describe(`${suite}`, () => {
        for (const one of cases) {
          const reason = whyNotApplicable(server, one);
          const name = reason === undefined ? one.name : `${one.name} [not applicable: ${reason}]`;
          test.skipIf(reason !== undefined)(`${name}`, { timeout: 60_000 }, async () => {
            await expectConformance(one);
          });
        }
      });
    }
  });
}
