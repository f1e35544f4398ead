import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { applies, runCase } from "./conformance-case.ts";
import { conformanceSuites } from "./conformance-suites.ts";
import { findKubectl, kubeconfigOf } from "./kubectl.ts";
import { startLabUnderTest } from "./lab-under-test.ts";
import type { LabUnderTest } from "./lab-under-test.ts";

const kubectl = findKubectl();
const directory = mkdtempSync(join(tmpdir(), "conformance-"));
const kubeconfig = join(directory, "kubeconfig");
let lab: LabUnderTest;

beforeAll(async () => {
  lab = await startLabUnderTest(kubectl);
  writeFileSync(kubeconfig, kubeconfigOf(lab.server));
}, 60_000);

afterAll(async () => {
  await lab.close();
  rmSync(directory, { recursive: true });
});

for (const [suite, cases] of Object.entries(conformanceSuites)) {
  describe(suite, () => {
    for (const one of cases) {
      const isMissing = one.needs === "kubectl" && kubectl === undefined;
      test.skipIf(isMissing)(one.name, { timeout: 30_000 }, async () => {
        if (!applies(lab.server, one))
          throw new Error(`${one.name}: the lab lacks ${one.needs ?? ""}`);
        await runCase(lab.server, one, kubeconfig);
      });
    }
  });
}
