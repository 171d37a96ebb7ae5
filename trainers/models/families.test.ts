// Every family against Transformers 5.23 and TRL 1.16: data/golden/families/make-families.py made what is expected.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Message } from "../../spec/chat";
import { runConfig } from "../../spec/config";
import { rewardSource } from "../../spec/fields/rewards";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { familyWeights, tensorOf, writeFamilyFolder, writeStart } from "../../test/family-models";
import { tokenizePrompt } from "../data/tokenize";
import { compile } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { sequenceLogProbs } from "../inference/policy";
import { balanceOf } from "../inference/routing";
import { createSampler } from "../inference/sampling";
import { createReward } from "../rewards/rewards";
import { silent } from "../run/observer";
import { run } from "../run/train";
import { parseModelConfig } from "./families";
import { readSafetensors, writeSafetensors } from "./formats/safetensors";
import { loadModel } from "./load";
import { frozenWeights, trainableWeights } from "./weights";

const [golden, trajectories] = ["data/golden/families", "data/golden/trajectories"];
interface Expected {
  config: Record<string, unknown>;
  prompt: number[];
  answers: [number[], number[]];
  /** Of the answers after the prompt, in nats. */
  logProbs: [number, number];
  /** Of 1 · log p(first) + 2 · log p(second). */
  gradients: Record<string, { norm: number; first: number[]; middle: number[] }>;
  /** What greedy decoding writes after the prompt. */
  greedy: number[];
  /** Losses and gradient norms of TRL's trainers with LoRA on all linear layers beside experts. Transformers has no reward model of Granite. */
  dpo?: TrainedStep[];
  reward?: TrainedStep[];
  /** Of mixtures of experts: the load-balancing loss of the answers, tokens of each expert by layer, and DPO with half of that loss added. */
  balance?: number;
  load?: number[][];
  balanced?: TrainedStep[];
  /** What a reward model of the family says of the chosen and the rejected answer of the first two pairs. */
  scores?: number[];
}
type TrainedStep = { loss: number; grad_norm: number; aux_loss?: number };

const families = readdirSync(golden)
  .filter((file) => file.endsWith(".json"))
  .map(
    (file) => [file.replace(".json", ""), JSON.parse(readFileSync(join(golden, file), "utf8")) as Expected] as const,
  );

const batchOf = ({ prompt, answers }: Expected) =>
  tokenBatch(
    [
      answers.map((answer) => ({
        input_ids: [...prompt, ...answer],
        completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
      })),
    ],
    0,
  );

const frozen = (json: Record<string, unknown>) => {
  const config = parseModelConfig(json);
  return { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "attention" as const };
};

test.each(families)(
  "%s: log-probabilities are Transformers', compiled and eager, whatever is recomputed",
  (_, expected) => {
    const model = frozen(expected.config);
    const batch = batchOf(expected);
    const eager = tf.tidy(() => sequenceLogProbs(model, null, batch).dataSync());
    expected.logProbs.forEach((value, i) => {
      expect(Math.abs(eager[i]! / value - 1)).toBeLessThan(1e-5);
    });
    for (const recompute of ["none", "attention", "block"] as const) {
      const program = compile((given: typeof batch) => sequenceLogProbs({ ...model, recompute }, null, given));
      expected.logProbs.forEach((value, i) => {
        expect(Math.abs(program(batch).dataSync()[i]! / value - 1)).toBeLessThan(1e-5);
      });
    }
  },
);

/** Of log p(first answer) + 2 log p(second answer), by every weight, multiplied in `dtype`. */
function gradientsOf(expected: (typeof families)[number][1], dtype: "float32" | "bfloat16"): Map<string, number[]> {
  const config = parseModelConfig(expected.config);
  const { weights, variables } = trainableWeights(config, familyWeights(expected.config), dtype);
  const batch = batchOf(expected);
  const loss = () =>
    sequenceLogProbs({ config, weights, recompute: "attention" }, null, batch)
      .mul(tf.tensor1d([1, 2]))
      .sum()
      .asScalar();
  const { grads } = tf.variableGrads(loss, [...variables.values()]);
  return new Map([...variables].map(([name, { name: own }]) => [name, [...grads[own]!.dataSync()]]));
}

test.each(families)("%s: the gradient of every weight is Transformers'", (_, expected) => {
  const gradients = gradientsOf(expected, "float32");
  expect([...gradients.keys()].sort()).toEqual(Object.keys(expected.gradients).sort());
  // Gradients that are 0, as of routers that send a token to one expert with weight 1, are rounding in Transformers.
  const rounding = 1e-7 * Math.max(...Object.values(expected.gradients).map(({ norm }) => norm));
  for (const [name, found] of gradients) {
    const { norm, first, middle } = expected.gradients[name]!;
    const tolerance = Math.max(1e-5 * norm, rounding);
    expect(Math.abs(Math.hypot(...found) - norm), name).toBeLessThanOrEqual(tolerance); // 0 where an expert got no token
    const half = Math.floor(found.length / 2);
    const [begin, mid] = [found.slice(0, first.length), found.slice(half, half + middle.length)];
    [...begin, ...mid].forEach((value, i) => {
      expect(Math.abs(value - [...first, ...middle][i]!), name).toBeLessThanOrEqual(tolerance);
    });
  }
});

test.each(families)("%s: in bfloat16 the gradient over all weights is as long within a twentieth", (_, expected) => {
  const norm = Math.hypot(...[...gradientsOf(expected, "bfloat16").values()].flat());
  const exact = Math.hypot(...Object.values(expected.gradients).map((one) => one.norm));
  expect(Math.abs(norm / exact - 1)).toBeLessThan(0.05);
});

test.each(families.filter(([, { balance }]) => balance !== undefined))(
  "%s: the load-balancing loss and the load of the experts are Transformers', compiled and eager, whatever is recomputed",
  (_, expected) => {
    const model = frozen(expected.config);
    const { active, experts } = model.config.mixture!;
    const measured = (recompute: "none" | "attention" | "block") => (batch: ReturnType<typeof batchOf>) => {
      const routing = { adapter: null, passes: [] };
      sequenceLogProbs({ ...model, recompute, routing }, null, batch);
      const { loss, load } = balanceOf(routing.passes, model.config.mixture!);
      return { loss, shares: tf.stack(Array.from({ length: experts }, (_, e) => load[`expert_load/${e}`]!.sum)) };
    };
    const batch = batchOf(expected);
    const runs = [
      tf.tidy(() => measured("none")(batch)),
      ...(["none", "attention", "block"] as const).map((mode) => compile(measured(mode))(batch)),
    ];
    const tokens = expected.load![0]!.reduce((a, b) => a + b) / active;
    for (const { loss, shares } of runs) {
      expect(Math.abs(loss.dataSync()[0]! / expected.balance! - 1)).toBeLessThan(1e-6);
      shares.dataSync().forEach((share, e) => {
        const counts = expected.load!.map((layer) => layer[e]!);
        const mean = counts.reduce((a, b) => a + b) / counts.length / tokens;
        expect(Math.abs(share - mean)).toBeLessThan(1e-6);
      });
    }
  },
);

test.each(families)("%s: greedy decoding writes what Transformers' writes, 64 tokens", (_, expected) => {
  const sample = createSampler(frozen(expected.config), null);
  const [completion] = sample([expected.prompt], {
    maxNewTokens: 64,
    temperature: 0,
    ends: new Set(),
    pad: 0,
    streams: ["greedy"],
  });
  expect(completion!.ids).toEqual(expected.greedy);
});

type Trained = readonly [
  name: string,
  kind: "dpo" | "reward" | "balanced",
  config: Record<string, unknown>,
  steps: TrainedStep[],
];
const trained = families.flatMap(([name, expected]) =>
  (["dpo", "reward", "balanced"] as const).flatMap((kind): Trained[] => {
    const steps = expected[kind];
    return steps ? [[name, kind, expected.config, steps]] : [];
  }),
);
/** A run for each transformer.ts, one of a reward model, and one that balances its experts; the others are long. */
const quick = [
  ...["bloom", "gemma3", "gpt-neox", "gpt2", "mamba2", "mixtral", "olmo2", "olmoe", "phi3", "qwen2-window", "qwen3"],
  ...["phi3 reward", "mixtral balanced"],
].map((one) => (one.includes(" ") ? one : `${one} dpo`));
const isQuick = ([name, kind]: Trained) => quick.includes(`${name} ${kind}`);

const followsTrl = async (...[, kind, json, steps]: Trained) => {
  const method = kind === "balanced" ? "dpo" : kind;
  const folder = mkdtempSync(join(tmpdir(), "workbench-family-"));
  const [source, init] = [join(folder, "model"), join(folder, "adapter")];
  writeFamilyFolder(source, json);
  writeStart(init, json, method === "reward");
  const rows: MetricRow[] = [];
  const config = runConfig.parse({
    method,
    model: { source, dtype: "float32", ...(kind === "balanced" && { balanceCoefficient: 0.5 }) },
    adapter: { rank: 4, alpha: 8, init },
    data: { train: `${trajectories}/pairs.jsonl`, order: "sequential", maxLength: 256 },
    batchSize: 4,
    maxSteps: steps.length,
    optimizer: { learningRate: 5e-4, schedule: "constant" },
    output: join(folder, "run"),
    ...(method === "reward" && { reward: { headInit: init } }),
  });
  const observer = { ...silent, metrics: (row: MetricRow) => void rows.push(row) };
  await run(config, { observer, signal: new AbortController().signal });
  expect(rows).toHaveLength(steps.length);
  steps.forEach(({ loss, grad_norm: norm, aux_loss: aux }, i) => {
    const row = rows[i]! as Record<string, number>;
    if (aux !== undefined) expect(Math.abs(row.aux_loss! / aux - 1), `balance at step ${i + 1}`).toBeLessThan(1e-6);
    expect(Math.abs(row.loss! - loss), `loss at step ${i + 1}`).toBeLessThan(1e-5);
    expect(Math.abs(row.grad_norm! / norm - 1), `gradient norm at step ${i + 1}`).toBeLessThan(1e-4);
  });
};
const title = "%s: a run of %s follows TRL step by step";
test("a run of each architecture is quick", () => expect(trained.filter(isQuick)).toHaveLength(quick.length));
test.each(trained.filter(isQuick))(title, followsTrl);
test.each(trained.filter((one) => !isQuick(one)))(title, { tags: "long" }, followsTrl);

test.each(families.flatMap(([name, { config, scores }]) => (scores ? [[name, config, scores] as const] : [])))(
  "%s: a reward model of its own scores the answers of another model as Transformers does",
  async (_, json, expected) => {
    const folder = join(mkdtempSync(join(tmpdir(), "workbench-scorer-")), "scorer");
    writeFamilyFolder(folder, { ...json, architectures: ["AnyForSequenceClassification"], id2label: { 0: "score" } });
    const weights = readSafetensors(join(folder, "model.safetensors"));
    const { hiddenSize } = parseModelConfig(json);
    weights.set("score.weight", tensorOf("score.weight", [1, hiddenSize], 0.6));
    for (const head of ["lm_head.weight", "embed_out.weight"]) weights.delete(head);
    writeSafetensors(join(folder, "model.safetensors"), weights);
    const { model, tokenizer } = await loadModel({ source: "data/tiny", dtype: "float32" }); // the policy
    const lines = readFileSync(`${trajectories}/pairs.jsonl`, "utf8").split("\n").slice(0, 2);
    const answered = lines
      .map((line) => JSON.parse(line) as Record<"prompt" | "chosen" | "rejected", Message[]>)
      .flatMap(({ prompt, chosen, rejected }) =>
        [chosen, rejected].map(([answer]) => ({
          prompt,
          query: tokenizePrompt(tokenizer, prompt),
          response: tokenizer.encode(answer!.content!),
        })),
      );
    const reward = createReward(rewardSource.parse({ model: folder }), false, model, tokenizer);
    reward(answered).scores.forEach((score, i) => {
      expect(Math.abs(score - expected[i]!)).toBeLessThan(1e-5);
    });
  },
);
