// `npm run interop`: trains an adapter, takes it out in every form, and asks the programs of others what it says: PEFT, Transformers, llama.cpp.
// Writes tools/bench/results/interop.json; `npm run figures` puts it into docs/export.md.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runConfig } from "../../spec/config";
import { readAdapter } from "../../trainers/adapters/files";
import { mergedFiles, writeMerged } from "../../trainers/adapters/merge";
import type { Adapter } from "../../trainers/engine/adapter";
import { tf } from "../../trainers/engine/tensorflow";
import { tokenBatch } from "../../trainers/inference/batches";
import { tokenLogProbs } from "../../trainers/inference/policy";
import { writeGguf } from "../../trainers/models/formats/gguf-write";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { readModel } from "../../trainers/models/load";
import { frozenWeights } from "../../trainers/models/weights";
import { silent } from "../../trainers/run/observer";
import { run } from "../../trainers/run/train";
import { prepareModel, preparePeers, python } from "./prepare";
import type { InteropResult } from "./results";

const llamaCpp = "llama-cpp-python==0.3.36";
const signal = new AbortController().signal;

preparePeers();
process.stderr.write(`installing ${llamaCpp}; it is compiled where no wheel is kept (8 minutes on two cores)\n`);
const install = spawnSync(python, ["-m", "pip", "install", "--quiet", llamaCpp], {
  stdio: ["ignore", "ignore", "inherit"],
});
if (install.status !== 0) throw new Error(`pip install ${llamaCpp} failed with status ${install.status}`);

const models = [
  { name: "tiny", source: "tiny", data: "data/samples/film-reviews.jsonl.gz", steps: 40, learningRate: 7e-4 },
  {
    name: "smollm2",
    source: "smollm2-135m-instruct",
    data: "data/samples/film-reviews.jsonl.gz",
    steps: 10,
    learningRate: 3e-4,
  },
] as const;
const results: InteropResult["models"] = {};
let versions: InteropResult["versions"] = {};
for (const model of models) {
  const output = mkdtempSync(join(tmpdir(), "workbench-interop-"));
  const config = runConfig.parse({
    method: "dpo",
    model: { source: model.source },
    data: { train: model.data, maxLength: 128 },
    batchSize: 4,
    maxSteps: model.steps,
    optimizer: { learningRate: model.learningRate },
    output: join(output, "adapter"),
  });
  await run(config, { observer: { ...silent, note: (text) => process.stderr.write(`${text}\n`) }, signal });

  const { model: folder } = await prepareModel(model.name);
  const files = await readModel(model.source);
  const adapter = readAdapter(config.output, files.config);
  const gguf = (["F16", "Q8_0"] as const).map((type) => {
    const path = join(output, `${type}.gguf`);
    writeGguf(path, model.name, mergedFiles(files, adapter), type);
    return path;
  });
  writeMerged(join(output, "merged"), files, adapter);
  const turns = [
    { role: "user", content: "Review The Last Summer in a few sentences." },
    { role: "assistant", content: "The story is warm and the ending is gripping. I would see it again." },
  ];
  const ids = files.tokenizer.conversation(turns, false);
  const saved = join(output, "saved");
  const job = {
    model: folder,
    adapter: config.output,
    merged: join(output, "merged"),
    saved,
    gguf,
    ids,
    text: ids.map((id) => files.tokenizer.show(id)).join(""),
  };
  const said = ask(job, output);
  versions = said.versions;
  const ours = speak(files, adapter, ids);
  const distance = (theirs: number[]) => Math.max(...theirs.map((value, i) => Math.abs(value - ours[i]!)));
  results[model.name] = {
    ...Object.fromEntries(
      Object.entries(said.said).map(([name, values]) => [
        name,
        { distance: distance(values), sameIds: said.same[name] ?? null },
      ]),
    ),
    "PEFT's file, read back": {
      distance: distance(speak(files, readAdapter(saved, files.config), ids)),
      sameIds: null,
    },
    "base without the adapter": { distance: distance(speak(files, null, ids)), sameIds: null },
  };
  process.stderr.write(`${model.name}: ${JSON.stringify(results[model.name], null, 1)}\n`);
}
mkdirSync("tools/bench/results", { recursive: true });
writeFileSync(
  "tools/bench/results/interop.json",
  `${JSON.stringify({ versions, models: results } satisfies InteropResult, null, 1)}\n`,
);

interface Said {
  said: Record<string, number[]>;
  same: Record<string, boolean>;
  versions: Record<string, string>;
}

function ask(job: object, folder: string): Said {
  const path = join(folder, "job.json");
  writeFileSync(path, JSON.stringify(job));
  const { status, stdout, stderr } = spawnSync(python, ["tools/bench/peers/interop.py", path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`interop.py failed with status ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Said;
}

/** log π of each token after the first. */
function speak(files: LoadedFiles, adapter: Adapter | null, ids: number[]): number[] {
  const model = {
    config: files.config,
    weights: frozenWeights(files.config, files.host, "float32"),
    recompute: "none",
  } as const;
  const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
  return [...tf.tidy(() => tokenLogProbs(model, adapter, batch)).dataSync()].slice(0, ids.length - 1);
}
