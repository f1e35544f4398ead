import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { runCase, whyNotApplicable } from "./conformance-case.ts";
import type { ConformanceCase, Outside } from "./conformance-case.ts";
import { conformanceSuites } from "./conformance-suites.ts";
import { kubeconfigOf } from "./kubectl.ts";
import type { Kubectl } from "./kubectl.ts";
import type { RunningServer, ServerUnderTest } from "./server-under-test.ts";

/**
 * Makes a test of every case for this server (or of those that are to be asked), and one for each kubectl of those that are about kubectl. Cases it
 * cannot be asked are skipped, and say why.
 */
export function describeServer(
  { server, close }: RunningServer,
  kubectls: readonly Kubectl[],
  isAsked: (one: ConformanceCase) => boolean = () => true,
): void {
  const directory = mkdtempSync(join(tmpdir(), "conformance-"));
  writeFileSync(join(directory, "kubeconfig"), kubeconfigOf(server));

  const expectConformance = (one: ConformanceCase, outside: Outside): Promise<void> =>
    runCase(server, one, outside);

  afterAll(async () => {
    await close();
    rmSync(directory, { recursive: true });
  }, 60_000);

  describe(`${server.name} ${server.version}`, () => {
    for (const [suite, all] of Object.entries(conformanceSuites)) {
      const cases = all.filter(isAsked);
      if (cases.length === 0) continue;
      describe(`${suite}`, () => {
        for (const one of cases) {
          for (const kubectl of clientsOf(one, kubectls)) {
            const { name, isSkipped } = titleOf(server, one, kubectl);
            // Most of the time of a kubectl goes by in its own process.
            const options = { timeout: 60_000, concurrent: kubectl !== undefined };
            test.skipIf(isSkipped)(`${name}`, options, async () => {
              await expectConformance(one, { kubectl, directory });
            });
          }
        }
      });
    }
  });
}

function clientsOf(
  { needs }: ConformanceCase,
  kubectls: readonly Kubectl[],
): readonly (Kubectl | undefined)[] {
  return needs === "kubectl" && kubectls.length > 0 ? kubectls : [undefined];
}

function titleOf(
  server: ServerUnderTest,
  one: ConformanceCase,
  kubectl: Kubectl | undefined,
): { readonly name: string; readonly isSkipped: boolean } {
  const reason = whyNotApplicable(server, one, kubectl);
  const client = kubectl === undefined ? "" : ` [kubectl ${kubectl.version}]`;
  const skipped = reason === undefined ? "" : ` [not applicable: ${reason}]`;
  return { name: `${one.name}${client}${skipped}`, isSkipped: reason !== undefined };
}
