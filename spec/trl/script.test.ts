// The text of the script; `npm run trl-scripts` shows that it trains to the same losses.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { runConfig } from "../config";
import { scripted } from "./problems";
import { trlScript } from "./script";

const config = (more: object) =>
  runConfig.parse({ model: { source: "tiny" }, data: { train: "rows.jsonl" }, output: "o", ...more });

/** Python's own reader finds nothing wrong with it. */
function expectPython(script: string): void {
  const { status, stderr } = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
    input: script,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
}

test.each([
  [
    "dpo",
    { dpo: { lossType: ["sigmoid", "sft"], lossWeights: [0.8, 1] } },
    "trl.DPOConfig",
    '    loss_type=["sigmoid", "sft"],',
  ],
  [
    "kto",
    { kto: { klPartner: "previous-row", desirableWeight: 1.3 }, data: { train: "rows.jsonl", order: "sequential" } },
    "trl.KTOConfig",
    '    train_sampling_strategy="sequential",',
    "    desirable_weight=1.3,",
  ],
  ["sft", { adapter: { modulesToSave: ["norm"] } }, "trl.SFTTrainer", '    modules_to_save=["norm"],'],
  ["sft", { adapter: null }, "trl.SFTTrainer", "    completion_only_loss=True,"],
  [
    "reward",
    { reward: { centerRewardsCoefficient: 0.01 } },
    "trl.RewardConfig",
    "    center_rewards_coefficient=0.01,",
  ],
  [
    "grpo",
    { adapter: null, grpo: { numGenerations: 2, prompts: 1, delta: 3, reward: { rules: { json: {} } } } },
    "trl.GRPOTrainer(",
    "    delta=3,",
  ],
])("%s %j is Python, with its options by TRL's names", (method, more, ...lines) => {
  const run = config({
    method,
    batchSize: 2,
    optimizer: { schedule: "cosine", warmupRatio: 0.1, maxGradNorm: null },
    ...more,
  });
  const script = trlScript(scripted(run), 'folder "a"', 24);
  expectPython(script);
  const common = [
    "    per_device_train_batch_size=2,",
    '    lr_scheduler_type="cosine",',
    "    warmup_steps=0.1,",
    "    max_grad_norm=0,",
  ];
  for (const line of [...lines, ...common, 'base = "folder \\"a\\""', "    max_steps=24,"])
    expect(script).toContain(line);
  expect(script.includes("peft")).toBe(run.adapter !== null || script.includes("pip install"));
  expect(script.includes("LoraConfig")).toBe(run.adapter !== null);
  const beside = trlScript(scripted(run), null, null);
  expectPython(beside);
  expect(beside).toContain("    num_train_epochs=1,");
  expect(beside).toContain('base = here / "model"');
});

const scored = { rules: { json: {} } };

test("of GRPO what is sampled is learned from to its end before the run saves or stops", () => {
  const grpo = { numGenerations: 6, prompts: 4, numIterations: 3, numMiniBatches: 2, reward: scored };
  const run = config({ method: "grpo", grpo, logEvery: 1, saveEvery: 10, data: { train: "p.jsonl", heldOut: 0.1 } });
  const script = trlScript(scripted(run), "model", 24, true, ["node", "program.mjs"]);
  expectPython(script);
  for (const line of [
    "    generation_batch_size=24,",
    "    num_generations=6,",
    "    num_iterations=3,",
    "    per_device_train_batch_size=6,", // a prompt's group at a time: 2 of 4 make a step
    "    gradient_accumulation_steps=2,",
    "    logging_steps=6,",
    "    save_steps=12,",
    '        if (here / "stop").exists() and state.global_step % 6 == 0:',
    '    ["node", "program.mjs", str(here / "run.json")],',
    "    reward_funcs=reward,",
  ])
    expect(script).toContain(`${line}\n`);
  for (const absent of ["max_length=", "eval_dataset", "InOrder", "epsilon_high"]) expect(script).not.toContain(absent);
});

test.each([
  [{ prompts: 4, numMiniBatches: 4 }, 2, 1],
  [{ prompts: 3, numMiniBatches: 2 }, 3, 1], // groups do not divide evenly, completions do
  [{ prompts: 4, numMiniBatches: 2, lossType: "bnpo" }, 4, 1], // a mean over the tokens of a pass
])("of GRPO %j takes %i completions a pass, %i passes a step", (more, atOnce, passes) => {
  const script = trlScript(
    scripted(config({ method: "grpo", grpo: { numGenerations: 2, reward: scored, ...more } })),
    "model",
    24,
  );
  expect(script).toContain(`per_device_train_batch_size=${atOnce},\n    gradient_accumulation_steps=${passes},`);
});

test.each([
  [{ lossType: "cispo" }, "epsilon_high=5,"], // as the workbench's own engine has it; TRL would take epsilon
  [{ lossType: "cispo", epsilonHigh: 4 }, "epsilon_high=4,"],
  [{ epsilonHigh: 0.28, delta: 3 }, "epsilon_high=0.28,\n    delta=3,"],
])("of GRPO %j is %s", (more, line) => {
  const run = config({ method: "grpo", grpo: { reward: scored, ...more } });
  expect(trlScript(scripted(run), "model", 24)).toContain(`    ${line}\n`);
});

test.each([
  [{ processes: 2 }, "    use_cpu=not torch.cuda.is_available(),", "    per_device_train_batch_size=2,"],
  [{ zeroStage: 1 }, '    deepspeed={"zero_optimization": {"stage": 1},', "    per_device_train_batch_size=4,"],
  [{ processes: 4, zeroStage: 3, offload: "cpu" }, '"offload_param": {"device": "cpu"}', "--nproc-per-node=4"],
])("of several processes %j is Python too", (distributed, ...pieces) => {
  const heldOut = { data: { train: "rows.jsonl", heldOut: 0.1 }, evalEvery: 8 };
  for (const method of ["dpo", "reward"]) {
    const script = trlScript(
      scripted(config({ method, engine: "trl", batchSize: 4, distributed, ...heldOut })),
      "model",
      24,
    );
    expectPython(script);
    for (const piece of [...pieces, "asked = accelerate.utils.broadcast_object_list"]) expect(script).toContain(piece);
  }
});

test("where every weight is trained in bfloat16 the weights are loaded in float32, and products alone round", () => {
  const script = trlScript(
    scripted(config({ method: "sft", adapter: null, model: { source: "tiny", dtype: "bfloat16" }, engine: "trl" })),
    "model",
    1,
  );
  expect(script).toContain("dtype=torch.float32");
  expect(script).toContain("bf16=True");
});

test("in bfloat16 whole modules are trained in float32, and the Trainer is told where the CPU is meant", () => {
  const bfloat16 = { model: { source: "tiny", dtype: "bfloat16" }, engine: "trl" };
  const saved = trlScript(
    scripted(config({ method: "sft", adapter: { modulesToSave: ["norm"] }, ...bfloat16 })),
    "model",
    1,
  );
  expectPython(saved);
  expect(saved).toContain("weights.data = weights.data.float()");
  for (const distributed of [{}, { zeroStage: 2 }])
    expect(trlScript(scripted(config({ method: "sft", distributed, ...bfloat16 })), "model", 1)).toContain(
      "use_cpu=not torch.cuda.is_available()",
    );
});

test.each([
  [{ method: "ppo", ppo: { reward: { gold: "film-reviews" } } }, "method"],
  [{ method: "dpo", dpo: { lossType: "cdpo", labelSmoothing: 0.1 } }, "dpo.lossType"],
  [{ method: "dpo", adapter: { init: "adapter" }, reference: "initial" }, "reference"],
  [{ method: "dpo", adapter: { type: "prefix" } }, "adapter.type"],
  [{ method: "kto", data: { train: "rows.jsonl", order: "sequential" } }, "kto.klPartner"],
  [{ method: "kto", kto: { klPartner: "previous-row" } }, "data.order"],
  [{ method: "kto", kto: { lossType: "bco" } }, "kto.lossType"],
  [{ method: "sft", model: { source: "tiny", quantisation: "nf4" } }, "model.quantisation"],
  [{ method: "sft", optimizer: { name: "muon" } }, "optimizer.name"],
  [{ method: "sft", optimizer: { schedule: "warmup_stable_decay" } }, "optimizer.schedule"],
  [{ method: "sft", adapter: { start: "pissa" } }, "adapter.start"],
  [{ method: "sft", adapter: { alphaPattern: { q_proj: 8 } } }, "adapter.rankPattern"],
  [{ method: "sft", onSpike: "rollback" }, "onSpike"],
  [{ method: "grpo", grpo: { reward: { grader: { endpoint: "m" } } } }, "grpo.reward.grader"],
  [{ method: "grpo", grpo: { environment: { file: "e.py" } } }, "grpo.environment"],
  [{ method: "grpo", grpo: { dynamicSamplingBatches: 2, reward: scored } }, "grpo.dynamicSamplingBatches"],
  [{ method: "grpo", grpo: { numMiniBatches: 3, reward: scored } }, "grpo.numMiniBatches"],
])("%j has no script, and the field that stands in its way is named", (more, path) => {
  expect(() => scripted(config(more))).toThrow(expect.objectContaining({ path }));
});
