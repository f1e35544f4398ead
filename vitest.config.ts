import { defineConfig } from "vitest/config";

/** For a machine that does much else beside: what takes so long does not come any more. */
const PATIENCE = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      {
        test: {
          name: "node",
          environment: "node",
          include: ["{apps,packages}/**/*.test.ts", "scripts/*.test.ts", "bench/**/*.test.ts"],
          exclude: ["**/node_modules/**", "apps/console/**", "packages/lab/src/conformance/**"],
          ...PATIENCE,
        },
      },
      "apps/console",
      {
        test: {
          name: "conformance",
          environment: "node",
          include: ["packages/lab/src/conformance/**/*.test.ts"],
          // One for each server: they mostly wait for it, or for kubectl.
          maxWorkers: 2,
          maxConcurrency: 3,
          ...PATIENCE,
        },
      },
    ],
  },
});
