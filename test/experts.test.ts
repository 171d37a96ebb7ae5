// Every method trains LoRA on the experts of a mixture.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expertTargets } from "../spec/adapters/common";
import { type Method, runConfig } from "../spec/config";
import { configOf, methods } from "../tools/torture/tiny-methods";
import { readAdapter } from "../trainers/adapters/files";
import { parseModelConfig } from "../trainers/models/families";
import { readSafetensors } from "../trainers/models/formats/safetensors";
import { silent } from "../trainers/run/observer";
import { run } from "../trainers/run/train";
import { writeFamilyFolder, writeStart } from "./family-models";
import { fewReviews } from "./few-reviews";

const json = JSON.parse(readFileSync("data/golden/families/mixtral.json", "utf8")).config;
const folder = mkdtempSync(join(tmpdir(), "workbench-experts-"));
const [source, scorer, teacher] = ["model", "scorer", "teacher"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
writeFamilyFolder(source, json);
writeStart(scorer, json, true);
writeStart(teacher, json, false);

/** Answers of an untrained model are words of no sense, which a gold task finds all alike. */
const scored = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll('{"gold":"film-reviews"}', JSON.stringify({ model: scorer })));

/** Answers that are cut are left out where answers are compared, and an untrained model ends few of them. */
const more = { promptsPerRound: 8, numGenerations: 8 };
const longer = { ...more, maxCompletionLength: 160, judge: { model: scorer } };
const reviews = fewReviews();
/** Tokens of a row; a reward model reads no answer that is cut. */
const longest = (method: Method) => (method === "reward" ? 300 : 60);
const own: Partial<Record<Method, object>> = {
  "iterative-dpo": { iterativeDpo: { rounds: 3, ...longer } },
  sppo: { sppo: longer },
  raft: { raft: { ...more, maxCompletionLength: 80, reward: { model: scorer } } },
  distill: { distill: { teacher } },
};

/** The others share what these two try, and take a minute. */
const quick: Method[] = ["dpo", "grpo"];

test.each(methods.filter((method) => quick.includes(method)))("%s", trains);
test.each(methods.filter((method) => !quick.includes(method)))("%s", { tags: "long" }, trains);

async function trains(method: Method): Promise<void> {
  const { data, ...config } = configOf(method, 3);
  const asked = runConfig.parse({
    ...(scored(config) as object),
    ...own[method],
    model: { source },
    adapter: { rank: 2, alpha: 4, targets: [...expertTargets] },
    data: { ...data, train: reviews, heldOut: 0.1, maxLength: longest(method) },
    output: join(folder, method),
  });
  await run(asked, { observer: silent, signal: new AbortController().signal });
  const { tuner } = readAdapter(asked.output, parseModelConfig(json));
  expect(tuner.config).toMatchObject({ target_modules: [], target_parameters: expertTargets });
  const up = [...readSafetensors(join(asked.output, "adapter_model.safetensors"))].filter(([name]) =>
    name.endsWith("lora_B.weight"),
  );
  expect(up).toHaveLength(2 * 3);
  for (const [name, { data }] of up) expect(Math.max(...data.map(Math.abs)), name).toBeGreaterThan(0); // where it starts
}
