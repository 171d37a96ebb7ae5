// `npm run openrlhf-commands`: runs are exported for OpenRLHF 0.11.2, and OpenRLHF itself, started by their train.sh, says what its parser makes of the
// settings and what its datasets make of the rows: they have to be the run's. SFT, DPO and reward models are trained by its own trainers too, on the
// CPU in float32, and by ours from the same start on the same rows in the same order: losses within 1e-5. Writes
// tools/bench/results/openrlhf-commands.json. Installs OpenRLHF without Ray, vLLM and flash_attn on first use.
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type RunConfig, runConfig } from "../../spec/config";
import { isSampled } from "../../spec/methods/sampling-of";
import { openRlhfVersion } from "../../spec/openrlhf/command";
import type { Example } from "../../trainers/data/dataset";
import type { PairTokens, Tokens } from "../../trainers/data/tokenize";
import { readTokenizer } from "../../trainers/models/tokenizer";
import { exportOpenRlhf } from "../../trainers/openrlhf/export";
import { prepareData } from "../../trainers/run/prepare";
import { takenRows } from "../../trainers/run/taken-rows";
import { prepareOpenRlhf, type Read, read, train } from "./openrlhf";
import { type Case, cases, learning } from "./openrlhf-cases";
import type { OpenRlhfResult } from "./openrlhf-figures";
import { type Curves, compare, compared, curvesOf, prepared, start } from "./trl-runs";

prepareOpenRlhf();
const scratch = mkdtempSync(join(tmpdir(), "workbench-openrlhf-"));
const result: OpenRlhfResult = {
  machine: cpus()[0]!.model.trim(),
  versions: { openrlhf: openRlhfVersion },
  read: [],
  compared,
};

const model = withoutBreaks();
for (const one of cases) await isRead(one, model, "all");
const dpo = cases.find(({ name }) => name === "DPO")!;
await isRead({ ...dpo, name: "DPO by ChatML" }, "data/golden/trajectories/model", "but line breaks after the end");

await isTrained("SFT, LoRA", { method: "sft", optimizer: decayed() });
await isTrained("SFT, every weight", { method: "sft", adapter: null });
await isTrained("DPO, LoRA", { method: "dpo", optimizer: decayed() });
await isTrained("reward model, every weight", { method: "reward", adapter: null });
writeFileSync("tools/bench/results/openrlhf-commands.json", `${JSON.stringify(result, null, 2)}\n`);

/** A model whose template ends with its end token, so that OpenRLHF reads every token that the run does. */
function withoutBreaks(): string {
  const folder = join(scratch, "model");
  cpSync("data/golden/trajectories/model", folder, { recursive: true });
  for (const name of ["chat_template.jinja", "tokenizer_config.json"]) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, "utf8").replace(/(<\|im_end\|>') \+ '\\+n'/, "$1"));
  }
  return folder;
}

function decayed() {
  return { ...learning.optimizer, weightDecay: 0.01 };
}

function configOf(run: object, source: string): RunConfig {
  const ofModel = (run as { model?: object }).model;
  return runConfig.parse({ ...learning, ...run, model: { ...ofModel, source, dtype: "bfloat16" }, output: "unused" });
}

async function isRead({ name, run, distributed, parsed }: Case, source: string, tokens: string): Promise<void> {
  const folder = mkdtempSync(join(scratch, "read-"));
  const config = { ...configOf(run, source), ...(distributed && { distributed }) } as RunConfig;
  await exportOpenRlhf(config, folder);
  const theirs = read(folder);
  for (const [path, value] of Object.entries(parsed)) {
    const given = path.split(".").reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], theirs.args);
    if (!isDeepStrictEqual(given, value))
      fail(`${name}: OpenRLHF has ${path} ${JSON.stringify(given)}, and ${JSON.stringify(value)} was meant`);
  }
  const rows = await sameRows(name, config, theirs, tokens !== "all");
  result.read.push({ what: name, settings: Object.keys(parsed).length, rows, tokens });
  console.log(`${name}: ${Object.keys(parsed).length} settings, ${rows} rows`);
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

type Sequence = [ids: number[], mask: number[]];

/** How many rows there are. */
async function sameRows(name: string, config: RunConfig, theirs: Read, isBroken: boolean): Promise<number> {
  const tokenizer = readTokenizer(config.model.source);
  const { dataset } = await prepareData(config, tokenizer);
  const evaluated = theirs.rows.length > 1 ? [dataset.heldOut] : [];
  const ours = [takenRows(config, dataset.train).taken, ...evaluated].map((examples) =>
    examples.map((example) =>
      sequencesOf(config, example).map((one) => (isBroken ? untilEnd(one, tokenizer.eos) : one)),
    ),
  );
  if (!isDeepStrictEqual(ours, theirs.rows)) {
    const at = ours[0]!.findIndex((row, i) => !isDeepStrictEqual(row, theirs.rows[0]![i]));
    fail(`${name}: row ${at}: ${JSON.stringify(ours[0]![at])} and OpenRLHF's ${JSON.stringify(theirs.rows[0]![at])}`);
  }
  return ours.flat().length;
}

function untilEnd([ids, mask]: Sequence, eos: number): Sequence {
  const length = ids.lastIndexOf(eos) + 1;
  return [ids.slice(0, length), mask.slice(0, length)];
}

/** As peers/openrlhf.py gives them: the first token of a text is predicted by none, and a reward model reads all. */
function sequencesOf(config: RunConfig, { tokens, promptIds }: Example<unknown>): Sequence[] {
  if (isSampled(config)) return [[promptIds, promptIds.map(() => 1)]];
  if (config.method === "sft") {
    const { input_ids, completion_mask } = tokens as Tokens;
    return [[input_ids, [0, ...completion_mask.slice(1)]]];
  }
  const { chosen, rejected } = tokens as PairTokens;
  return [chosen, rejected].map(({ input_ids, completion_mask }) => [
    input_ids,
    config.method === "reward" ? input_ids.map(() => 1) : completion_mask,
  ]);
}

/** OpenRLHF goes first: its order of rows and its start are drawn, and ours are then given. */
async function isTrained(name: string, run: { method: string; adapter?: null; optimizer?: object }): Promise<void> {
  const folder = mkdtempSync(join(scratch, "trained-"));
  await exportOpenRlhf(configOf(run, model), folder);
  const theirs = train(folder);
  const ofTheirs = (metric: string) => theirs.log.flatMap(([logged, value]) => (logged === metric ? [value] : []));
  const rows = linesOf(join(folder, "rows.jsonl"));
  const data = {
    ...{ train: join(folder, "ordered.jsonl"), eval: join(folder, "evaluated.jsonl") },
    ...{ order: "sequential", maxLength: learning.data.maxLength },
  };
  writeLines(
    data.train,
    theirs.order.map((i) => rows[i]!),
  );
  writeLines(data.eval, linesOf(join(folder, "held-out.jsonl")));
  const from = join(folder, "start");
  const ours = prepared(run.method, "workbench", {
    ...{ ...learning, ...run, data, model: { source: model } },
    ...(run.adapter === undefined && { adapter: { init: from } }),
    ...(run.method === "reward" && { reward: { headInit: join(from, "head.safetensors") } }),
  });
  await once(start(ours, 1, "workbench"), "close");
  const evaluated = run.method === "sft" ? "eval/eval gpt_loss" : "eval/eval_loss";
  compare(`${name}, both`, ofBoth(curvesOf(ours)), {
    loss: ofTheirs("train/loss_mean"),
    eval_loss: ofTheirs(evaluated),
  });
}

/** OpenRLHF does not evaluate before the first step. */
function ofBoth({ loss, eval_loss }: Curves): Curves {
  return { loss: loss!, eval_loss: eval_loss!.slice(1) };
}

function linesOf(path: string): Record<string, string>[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);
}

/** In the words of our rows. */
function writeLines(path: string, rows: Record<string, string>[]): void {
  const ours = rows.map(({ response, ...row }) => ({
    ...row,
    ...(response !== undefined && { completion: response }),
  }));
  writeFileSync(path, ours.map((row) => `${JSON.stringify(row)}\n`).join(""));
}
