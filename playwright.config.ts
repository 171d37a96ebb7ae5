// Browser journeys against the real thing: `npm start` on a fresh data folder, real Chromium, a real trainer. A trace costs a quarter of their
// time: `npx playwright test … --trace retain-on-failure` where one is wanted.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { modelsFolder } from "./e2e/pages/models";

const port = Number(process.env.E2E_PORT ?? 3417);
const executablePath = process.env.CHROMIUM_PATH;
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    launchOptions: { args, ...(executablePath && { executablePath }) },
  },
  projects: [
    { name: "first visit", testMatch: "first-visit.spec.ts" },
    { name: "journeys", testMatch: "*.spec.ts", testIgnore: "first-visit.spec.ts", dependencies: ["first visit"] },
    { name: "screenshots", testMatch: "screenshots.shots.ts" },
    { name: "report", testMatch: ["annotation.report.ts", "face.report.ts"] },
    { name: "scale", testMatch: ["scale.report.ts", "tables.report.ts"] },
    { name: "records", testMatch: "records.report.ts" },
    { name: "namespaces", testMatch: "namespaces.report.ts" },
  ],
  webServer: {
    command: "node scripts/start.mjs",
    url: `http://127.0.0.1:${port}/api/health`,
    timeout: 600_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 45_000 },
    env: {
      PORT: String(port),
      WORKBENCH_DATA: join(tmpdir(), `workbench-e2e-${process.pid}`),
      WORKBENCH_FOLDERS: modelsFolder,
    },
  },
});
