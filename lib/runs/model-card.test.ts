import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { fileHash } from "../../common/file-hash";
import { runConfig } from "../../spec/config";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb, metricsDb } from "../db/client";
import { points } from "../db/metrics-schema";
import { runs } from "../db/tables/runs";
import { modelCard } from "./model-card";
import { requireRun } from "./require-run";

const sample = "data/samples/film-reviews.jsonl.gz";
const headOf = (card: string) => parse(card.split("---\n")[1]!) as Record<string, unknown>;

test("a model's card says what it was trained from and on, with hashes, the run file and what was measured", () => {
  freshDatabase();
  seedRun("first");
  seedRun("second");
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "hub:owner/small@0123abc" },
    data: { train: [sample, { dataset: "gone.jsonl", weight: 2 }] },
    output: "unused",
  });
  appDb()
    .update(runs)
    .set({ config, name: "Reviews | short", parentRun: "first", parentStep: 10, remark: "For the demo." })
    .where(eq(runs.id, "second"))
    .run();
  metricsDb()
    .insert(points)
    .values({ runId: "second", attempt: 1, at: 0, step: 20, values: { "eval_rewards/accuracies": 0.87654, loss: 0.4 } })
    .run();

  const card = modelCard(requireRun("second"), "adapter", null);
  expect(headOf(card)).toEqual({
    library_name: "peft",
    base_model: "owner/small",
    base_model_relation: "adapter",
    pipeline_tag: "text-generation",
    tags: ["alignment-workbench", "dpo", "lora"],
  });
  expect(card).toContain("[owner/small](https://huggingface.co/owner/small) at `0123abc`");
  expect(card).toContain("Started from the run *first*, step 10.");
  expect(card).toContain("For the demo.");
  expect(card).toContain(`| 1 | \`${fileHash(sample)}\` |`);
  expect(card).toContain("| dataset:gone.jsonl | 2 | no longer there |");
  expect(card).toContain("| `eval_rewards/accuracies` | 0.8765 |");
  expect(card).not.toContain("| `loss` |");
  const file = /```json\n(.*?)\n```/s.exec(card)![1]!;
  expect(runConfig.parse(JSON.parse(file))).toEqual(config);

  const texts = "data/general.txt";
  const { model, data, output } = config;
  const ptx = { texts, coefficient: 0.1, rows: 8 };
  const ofPpo = runConfig.parse({ method: "ppo", model, data, output, ppo: { reward: { gold: "film-reviews" }, ptx } });
  appDb().update(runs).set({ method: "ppo", config: ofPpo }).where(eq(runs.id, "second")).run();
  const mixed = modelCard(requireRun("second"), "adapter", null);
  expect(mixed).toContain(`| ${texts}, pre-training mix: 8 a step, γ 0.1 | – | \`${fileHash(texts)}\` |`);
  expect(mixed).toContain(`| 1 | \`${fileHash(sample)}\` |`);
  expect(card).not.toContain("pre-training mix");

  expect(headOf(modelCard(requireRun("first"), "merged", 5))).toEqual({
    library_name: "transformers",
    pipeline_tag: "text-generation",
    tags: ["alignment-workbench", "dpo"],
  });
});
