import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    // `server-only` throws in plain Node; the queries it guards are tested here all the same.
    alias: { "server-only": join(import.meta.dirname, "scripts", "empty.mjs"), "@": import.meta.dirname },
  },
  test: {
    include: [
      "app/**/*.test.ts",
      "lib/**/*.test.ts",
      "trainers/**/*.test.ts",
      "scripts/**/*.test.ts",
      "tools/**/*.test.ts",
      "spec/**/*.test.ts",
      "common/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    globalSetup: "scripts/before-tests.mjs",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
