import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { productEnv, publicUrl } from "./product.ts";

const flags = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-gpu",
  "--disable-sync",
  "--no-first-run",
];

export default defineConfig({
  testDir: "journeys",
  // The journeys share one lab, and each leaves it as it found it.
  workers: 1,
  fullyParallel: false,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: process.env["DROVER_TEST_REPORTER"] === "json" ? [["line"], ["json"]] : "line",
  use: {
    baseURL: publicUrl,
    viewport: { width: 1440, height: 900 },
    // A person would have given up as well.
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: flags },
  },
  webServer: {
    command: "node scripts/start.mjs --reset",
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: productEnv,
    url: `${publicUrl}/api/readyz`,
    timeout: 240_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
    reuseExistingServer: process.env["DROVER_E2E_REUSE"] === "1",
    stdout: "pipe",
  },
});
