import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { testFolders, testsOf } from "./scripts/test-files.mjs";

/** Files that take over half a minute: begun last in their group, they would keep one processor waiting at its end. */
const longest = [
  "trainers/models/families.test.ts",
  "lib/runner/child.test.ts",
  "trainers/run/train.test.ts",
  "test/blind.test.ts",
  "trainers/run/whole.test.ts",
  "lib/cli.test.ts",
  "trainers/adapters/virtual-tokens.test.ts",
  "trainers/adapters/lora/experts.test.ts",
  "lib/generation/scoring.test.ts",
  "trainers/rewards/function/function.test.ts",
  "trainers/methods/shared/process-supervision.test.ts",
];

/** Names that hold brackets, as those of routes do, are no patterns. */
const exactly = (paths: string[]) => paths.map((path) => path.replace(/[[\]()]/g, "\\$&"));

/** What changes a process for good: modules replaced or loaded twice, and a look at all kernels that are there. */
const changesItsProcess = /\bvi\.(mock|doMock|resetModules)\(|patchedSources\(|getKernelsForBackend\(/;

/** Of ops: several files at a time on two processors would have twice as many threads, which wait for each other and take a fifth more. */
const oneThread = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };
/** Kernels and engine are tested with the threads that they have in use. */
const withAllThreads = ["trainers/engine", "trainers/inference"];

/**
 * To start a process and load TensorFlow, zod and our own modules takes a file a second of a processor; files that leave a process as they found it
 * share three (test/leave-as-found.ts sees to the rest). What they have compiled stays in its memory, so that it is ended between these groups.
 */
const sharing = [
  ["app", "client", "common", "scripts", "spec", "tools"],
  ["lib", "test"],
  [
    "trainers/adapters",
    "trainers/commands",
    "trainers/data",
    "trainers/gptqmodel",
    "trainers/openrlhf",
    "trainers/pruning",
    "trainers/trl",
  ],
  [
    "trainers/environments",
    "trainers/evaluation",
    "trainers/generate",
    "trainers/rewards",
    "trainers/serve",
    "trainers/tokenizers",
  ],
  ["trainers/engine", "trainers/inference"],
  ["trainers/models"],
  ["trainers/methods"],
  ["trainers/run"],
].map((folders) => ({
  env: folders.some((folder) => withAllThreads.includes(folder)) ? {} : oneThread,
  name: folders.length > 2 ? `${folders[0]} …` : folders.join(", "),
  files: exactly(
    testsOf(folders).filter((path) => !changesItsProcess.test(readFileSync(join(import.meta.dirname, path), "utf8"))),
  ),
}));

/** Group by group, as a process is ended when a file of another group comes next; in each the longest first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      const own = at < 0 ? longest.length : at;
      const group = sharing.findIndex(({ name }) => name === project.name);
      return (group + 1) * (longest.length + 1) + own;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** Of all projects. What they would inherit from the whole would be set up for each of them. */
const project = {
  resolve: {
    alias: {
      // `server-only` throws in plain Node, `next/headers` outside of a request; what is behind them is tested here all the same.
      "server-only": join(import.meta.dirname, "scripts", "empty.mjs"),
      "next/headers": join(import.meta.dirname, "test", "cookies.ts"),
      "@": import.meta.dirname,
    },
  },
};
/** `npm test` leaves them to `npm run test:long`; `npx vitest` runs all. */
const tags = [
  { name: "long", description: "takes over five seconds, and has a quick test beside it", timeout: 600_000 },
];
/** One more than CI has processors: many tests wait, for programs that they have started and for time to pass. */
const limits = { pool: "forks" as const, maxWorkers: 3, testTimeout: 120_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    globalSetup: "scripts/before-tests.mjs",
    experimental: { fsModuleCache: true }, // projects would each compile what they share
    tags,
    sequence: { sequencer: LongestFirst },
    maxWorkers: limits.maxWorkers,
    projects: [
      {
        ...project,
        test: {
          ...limits,
          name: "own process",
          env: oneThread,
          include: testFolders.map((folder) => `${folder}/**/*.test.ts`),
          exclude: sharing.flatMap(({ files }) => files),
        },
      },
      ...sharing.map(({ name, files, env }) => ({
        ...project,
        test: { ...limits, name, env, include: files, isolate: false, setupFiles: "test/leave-as-found.ts" },
      })),
    ],
  },
});
