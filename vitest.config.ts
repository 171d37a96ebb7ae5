import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute or more: begun last, they would keep one processor waiting at the end. */
const longest = [
  "tools/torture/torture.test.ts",
  "lib/runner/child.test.ts",
  "test/reward-first.test.ts",
  "lib/cli.test.ts",
  "lib/runner/crash.test.ts",
  "trainers/models/families.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  resolve: {
    // `server-only` throws in plain Node; the queries it guards are tested here all the same.
    alias: { "server-only": join(import.meta.dirname, "scripts", "empty.mjs"), "@": import.meta.dirname },
  },
  test: {
    include: [
      "app/**/*.test.ts",
      "client/**/*.test.ts",
      "lib/**/*.test.ts",
      "trainers/**/*.test.ts",
      "scripts/**/*.test.ts",
      "tools/**/*.test.ts",
      "spec/**/*.test.ts",
      "common/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    globalSetup: "scripts/before-tests.mjs",
    sequence: { sequencer: LongestFirst },
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
