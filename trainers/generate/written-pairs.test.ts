import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readGenerateConfig } from "../../common/config-file";
import type { GenerateConfig } from "../../spec/config";
import type { WrittenPair } from "../../spec/reports";
import { writtenPairs } from "./written-pairs";

const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
const [prompts, file] = [join(folder, "prompts.jsonl"), join(folder, "gen.json")];
const reviews = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz"))
  .toString("utf8")
  .split("\n")
  .slice(0, 40);
writeFileSync(prompts, reviews.join("\n"));
// so few tokens that some answers of tiny end within them and others are cut
writeFileSync(file, JSON.stringify({ model: { source: "tiny" }, prompts, samples: 2, maxNewTokens: 30 }));

async function written(least: 1 | 2, other: Partial<GenerateConfig> = {}): Promise<WrittenPair[]> {
  const rows: WrittenPair[] = [];
  await writtenPairs({ ...readGenerateConfig(file), ...other }, least, (batch) => void rows.push(...batch));
  return rows;
}

test("prompts with one whole answer are left out where answers are compared, and kept where each is judged by itself", async () => {
  const [compared, alone] = [await written(2), await written(1)];
  const short = alone.filter(({ answers }) => answers.length === 1);
  expect(compared.length).toBeGreaterThan(0);
  expect(short.length).toBeGreaterThan(0);
  expect(alone.filter(({ answers }) => answers.length > 1)).toEqual(compared);
  for (const { answers, writers } of short) expect(writers).toHaveLength(answers.length);
});

test("one answer is sampled where each is judged by itself and no more are asked for; two policies write one each", async () => {
  const counts = (rows: WrittenPair[]) => new Set(rows.map(({ answers }) => answers.length));
  const few = { samples: 1, prompts: join(folder, "few.jsonl") };
  writeFileSync(few.prompts, reviews.slice(0, 12).join("\n"));
  expect(counts(await written(1, few))).toEqual(new Set([1]));
  expect(Math.max(...counts(await written(1, { ...few, against: "base" })))).toBe(2);
});
