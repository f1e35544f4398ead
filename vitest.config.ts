import { defineConfig } from "vitest/config";

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
          testTimeout: 20_000,
          // A lab on real API servers is there after a while.
          hookTimeout: process.env["DROVER_LAB_APISERVER"] === "kube" ? 120_000 : 10_000,
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
          testTimeout: 30_000,
        },
      },
    ],
  },
});
