// The same seed gives the same bits, whatever earlier runs left in the cache of reference scores.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { memoryCache, type ScoreCache } from "../inference/reference";
import { silent } from "../run/observer";
import type { Resume } from "../run/restore";
import { run } from "../run/train";

const golden = "data/golden/trajectories";

interface Row {
  prompt: { role: string; content: string }[];
  chosen: { role: string; content: string }[];
  rejected: { role: string; content: string }[];
}
const pairs = readFileSync(`${golden}/pairs.jsonl`, "utf8")
  .trim()
  .split("\n")
  .slice(0, 16)
  .map((line): Row => JSON.parse(line));

/** Every chosen answer stands in two pairs, beside rejected answers of different lengths. */
const shared = pairs.flatMap((row, i) => [row, { ...row, rejected: pairs[(i + 7) % pairs.length]!.rejected }]);
const unpaired = shared.flatMap(({ prompt, chosen, rejected }) => [
  { prompt, completion: chosen, label: true },
  { prompt, completion: rejected, label: false },
]);
const rankings = pairs.map(({ prompt, chosen, rejected }, i) => ({
  prompt,
  completions: [chosen, rejected, pairs[(i + 7) % pairs.length]!.rejected],
  ranks: [1, 2, 3],
}));

function file(rows: object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}

const config = (method: object, train: string, other: object = {}): RunConfig =>
  runConfig.parse({
    model: { source: `${golden}/model` },
    adapter: { rank: 4, alpha: 8 },
    data: { train, heldOut: 0.3, maxLength: 256 },
    seed: 5,
    batchSize: 4,
    maxSteps: 5,
    saveEvery: 3,
    evalEvery: 5,
    optimizer: { learningRate: 1e-3, warmupRatio: 0.1 },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...method,
    ...other,
  });

/** Scores that outlive a run, as the database keeps them. */
function scores(): (policy: string) => ScoreCache {
  const kept = new Map<string, ScoreCache>();
  return (policy) => {
    const cache = kept.get(policy) ?? memoryCache();
    kept.set(policy, cache);
    return cache;
  };
}

/** Rows by step without what a clock measures; the last attempt's word counts. */
async function attempt(
  config: RunConfig,
  scoreCache: (policy: string) => ScoreCache,
  resume: Resume[],
  stopAfter = Number.POSITIVE_INFINITY,
) {
  const rows = new Map<number, object>();
  const saved: Resume[] = [];
  const stop = new AbortController();
  const observer = {
    ...silent,
    metrics({ seconds, elapsed, tokens_per_second, memory, rollout_seconds, ...row }: MetricRow) {
      rows.set(row.step, row);
      if (row.step === stopAfter) stop.abort();
    },
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  await run(config, { observer, signal: stop.signal, scoreCache, resume, attempt: resume.length + 1 });
  return { rows, saved };
}

const result = ({ output }: RunConfig, rows: Map<number, object>) => ({
  rows: [...rows.values()],
  adapter: readFileSync(join(output, "adapter_model.safetensors")).toString("base64"),
});

/** Pairs of the demo. */
const reviews = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz"))
  .toString("utf8")
  .split("\n")
  .slice(0, 32)
  .map((line): object => JSON.parse(line));

const kinds: { name: string; method: object; rows: object[] }[] = [
  { name: "DPO", method: { method: "dpo", model: { source: "tiny" }, batchSize: 16 }, rows: reviews },
  { name: "KTO", method: { method: "kto" }, rows: unpaired },
  { name: "listwise DPO", method: { method: "listwise" }, rows: rankings },
];

test.each(kinds)(
  "F3: the same seed gives the same bits over an empty cache, over one that another run's batches filled, and killed and resumed: $name",
  async ({ method, rows }) => {
    const train = file(rows);
    const empty = config(method, train);
    const expected = result(empty, (await attempt(empty, scores(), [])).rows);

    const filled = scores();
    await attempt(config(method, train, { seed: 11, batchSize: 8, maxSteps: 8, evalEvery: null }), filled, []);
    const warm = config(method, train);
    expect(result(warm, (await attempt(warm, filled, [])).rows)).toEqual(expected);

    const killed = config(method, train);
    const cache = scores();
    await attempt(killed, cache, [], 2); // what it saved is not passed on, as after a kill before the first checkpoint
    const first = await attempt(killed, cache, [], 4);
    const second = await attempt(killed, cache, first.saved);
    expect(result(killed, new Map([...first.rows, ...second.rows]))).toEqual(expected);
  },
  600_000, // dozens of shapes are compiled
);

test("B11: a run that evaluates, answers and saves learns the same bits as one that does not", async () => {
  const quiet = { method: "dpo", maxSteps: 4, evalEvery: null, saveEvery: null };
  const watched = {
    ...quiet,
    evalEvery: 2,
    sampleEvery: 1,
    samplePrompts: 2,
    sampleLength: 4,
    saveEvery: 1,
    logEvery: 3,
  };
  const runs = [config(quiet, file(pairs)), config(watched, file(pairs))];
  for (const one of runs) await attempt(one, scores(), []);
  const [first, second] = runs.map((one) => result(one, new Map()).adapter);
  expect(second).toBe(first);
});
