import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { playwrightFailures, vitestFailures } from "./failures.ts";
import { root, runCommand } from "./run-command.ts";

// Within the checkout: that is where the tests' own modules are found.
const folder = mkdtempSync(join(root, "scripts", ".failures-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("says which test failed, where, and why", async () => {
  const report = await vitestReport({
    "vitest.config.ts": "export default {};",
    "one.test.ts": `import { describe, expect, test } from "vitest";
      describe("sums", () => {
        test("hold", () => expect(1 + 1).toBe(2));
        test("break", () => expect(1 + 1).toBe(3));
      });`,
    "broken.test.ts": `throw new Error("never loaded");`,
  });
  const failures = vitestFailures(report).toSorted();
  expect(failures).toHaveLength(2);
  expect(failures[0]).toMatch(/broken\.test\.ts\n {4}never loaded/);
  expect(failures[1]).toMatch(/one\.test\.ts › sums break\n {4}AssertionError: expected 2 to be 3/);
});

test("says which journey failed, however deep it stands, and not those of a second try", () => {
  const spec = (title: string, status: string): object => ({
    title,
    file: "cancel.spec.ts",
    tests: [{ status, results: [{ error: { message: "first" } }, { error: { message: "last" } }] }],
  });
  const deep = { suites: [{ specs: [spec("stops", "unexpected")] }], specs: [] };
  const report = { suites: [deep, { specs: [spec("goes on", "flaky")] }] };
  expect(playwrightFailures(report)).toEqual(["cancel.spec.ts › stops\n    last"]);
});

test("a report of another shape tells nothing", () => {
  expect(vitestFailures(undefined)).toEqual([]);
  expect(vitestFailures({ testResults: "many" })).toEqual([]);
  expect(playwrightFailures(undefined)).toEqual([]);
});

async function vitestReport(
  files: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const report = join(folder, "report.json");
  const vitest = join(root, "node_modules", ".bin", "vitest");
  const args = ["run", "--root", folder, "--reporter=json"];
  await runCommand(vitest, [...args, `--outputFile=${report}`]);
  return JSON.parse(readFileSync(report, "utf8")) as Record<string, unknown>;
}
