// The text of the command; `npm run openrlhf-commands` has OpenRLHF itself read it.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { runConfig } from "../config";
import { openRlhfCommand } from "./command";
import { exportable } from "./problems";

const config = (more: object) =>
  runConfig.parse({
    ...{ model: { source: "tiny", dtype: "bfloat16" }, data: { train: "rows.jsonl" }, output: "output" },
    ...more,
  });
const rows = { heldOut: true, margins: false };
/** Its engine trains in one process, and OpenRLHF on many GPUs. */
const exported = ({ distributed, ...more }: { distributed?: object }) => {
  const run = config(more);
  return exportable({ ...run, distributed: { ...run.distributed, ...distributed } });
};
const commandOf = (more: object, written = {}) =>
  openRlhfCommand(exported(more), { model: "a 'model'", rows, workbench: ["workbench"], ...written });
const scored = { rules: { json: {} } };
const whole = { adapter: null };

/** Words of a shell's command line, as bash reads them. */
function flagsIn(command: string): string[] {
  expect(spawnSync("bash", ["-n"], { input: command }).status).toBe(0);
  const line = command.slice(command.search(/^(deepspeed|python)/m));
  const { stdout } = spawnSync("bash", ["-c", line.replace(/^\S+/, "printf '%s\\n'")], { encoding: "utf8" });
  return stdout.split(/\n(?=--)/).map((flag) => flag.trimEnd().replaceAll("\n", " "));
}

test.each<[object, string[], string[]]>([
  [
    { method: "sft", adapter: { rank: 8, alpha: 16, dropout: 0.1, targets: ["q_proj", "v_proj"] }, evalEvery: 5 },
    ["--data.output_key response", "--data.input_template", "--ds.lora.target_modules q_proj v_proj", "--eval.steps 5"],
    ["--model.pretrain_mode_enable"],
  ],
  [
    { method: "sft", sft: { completionOnlyLoss: false }, ...whole },
    ["--data.input_key text", "--model.pretrain_mode_enable"],
    ["--data.output_key response", "--ds.lora.rank 16", "--eval.split train"],
  ],
  [
    {
      method: "dpo",
      dpo: { lossType: "cdpo", labelSmoothing: 0.2, beta: 0.3 },
      batchSize: 6,
      gradientAccumulationSteps: 2,
    },
    ["--model.beta 0.3", "--model.label_smoothing 0.2", "--train.batch_size 12", "--ds.lora.alpha 32"],
    ["--ds.lora.target_modules all-linear"], // would be a layer of that name
  ],
  [
    { method: "reward", ...whole, saveEvery: 7, saveTotalLimit: 2, recompute: "attention" },
    [
      "--eval.dataset held-out.jsonl",
      "--ckpt.save_steps 7",
      "--ckpt.max_num 2",
      "--model.gradient_checkpointing_enable",
    ],
    ["--model.margin_loss_enable", "--eval.steps 7"],
  ],
  [
    {
      method: "ppo",
      ...whole,
      ppo: { reward: scored, rollouts: 12, numMiniBatches: 3, numPpoEpochs: 2, criticWarmup: 4 },
    },
    [
      ...["--algo.advantage.estimator gae", "--rollout.batch_size 12", "--train.batch_size 4", "--train.max_epochs 2"],
      ...[
        "--critic.freezing_steps 3",
        "--critic.adam.lr 0.000005",
        "--reward.remote_url http://127.0.0.1:5017/get_reward",
      ],
      "--data.max_len 1088", // a prompt of 1024 tokens and a completion of 64
    ],
    ["--algo.kl.use_loss"],
  ],
  [
    {
      method: "grpo",
      ...whole,
      grpo: { reward: scored, prompts: 4, numGenerations: 6, epsilonHigh: 0.28, delta: 3, beta: 0.04 },
    },
    [
      ...["--algo.advantage.estimator group_norm", "--train.batch_size 24", "--actor.eps_clip_low_high 0.2 0.28"],
      ...["--actor.dual_clip 3", "--algo.kl.use_loss", "--algo.kl.estimator k3", "--algo.kl.unbiased_gradient"],
    ],
    ["--algo.advantage.estimator gae", "--actor.loss_agg_mode seq-mean-token-mean"],
  ],
  [
    {
      method: "grpo",
      ...whole,
      grpo: { reward: scored, lossType: "grpo", scaleRewards: "none", importanceSamplingLevel: "sequence" },
    },
    [
      "--algo.advantage.estimator dr_grpo",
      "--actor.loss_agg_mode seq-mean-token-mean",
      "--actor.policy_loss_type gspo",
    ],
    ["--algo.kl.estimator k3"],
  ],
  [
    { method: "rloo", ...whole, rloo: { reward: scored }, saveEvery: 5, logEvery: 1 },
    ["--algo.advantage.estimator rloo", "--algo.kl.init_coef 0.05", "--algo.kl.estimator k1"],
    [],
  ],
  [
    {
      ...{ method: "reinforce-plus-plus", ...whole, distributed: { processes: 4, zeroStage: 3, offload: "cpu" } },
      reinforcePlusPlus: { reward: { remote: "http://scores:80/get_reward" }, numIterations: 2, numMiniBatches: 2 },
      ...{ saveEvery: 10, logEvery: 1 },
    },
    [
      ...["--algo.advantage.estimator reinforce", "--reward.remote_url http://scores:80/get_reward"],
      ...["--vllm.num_engines 4", "--ds.zero_stage 3", "--ds.adam_offload"],
      ...["--ckpt.save_steps 3", "--logger.logging_steps 1"], // updates, of 4 steps each
    ],
    [],
  ],
])("%j by OpenRLHF's names", (more, given, absent) => {
  const command = commandOf(more);
  const flags = flagsIn(command);
  for (const flag of given) expect(flags).toContain(flag);
  for (const flag of absent) expect(flags).not.toContain(flag);
  expect(flags.some((flag) => flag.endsWith("model_name_or_path a 'model'"))).toBe(true);
  expect(new Set(flags.map((flag) => flag.split(" ")[0])).size).toBe(flags.length);
  expect(command.includes("serve-reward")).toBe(command.includes(":5017/get_reward"));
});

test("a warm-up before a constant rate has its own name, and a least rate that of its schedule", () => {
  const flags = (optimizer: object) => flagsIn(commandOf({ method: "dpo", optimizer }));
  expect(flags({ schedule: "constant", warmupRatio: 0.1 })).toContain("--lr_scheduler constant_with_warmup");
  expect(flags({ schedule: "constant" })).toContain("--lr_scheduler constant");
  expect(flags({ schedule: "cosine_with_min_lr", minLrRate: 0.2 })).toContain("--min_lr_ratio 0.2");
  expect(flags({ maxGradNorm: null })).toContain("--max_norm 0");
});

test("a reward model without held-out rows has its scale measured on its own", () => {
  const flags = flagsIn(commandOf({ method: "reward", ...whole }, { rows: { heldOut: false, margins: true } }));
  expect(flags).toContain("--eval.dataset rows.jsonl");
  expect(flags).toContain("--model.margin_loss_enable");
});

test.each<[object, string]>([
  [{ method: "kto" }, "method"],
  [{ method: "dpo", model: { source: "tiny" } }, "model.dtype"],
  [{ method: "dpo", model: { source: "tiny", dtype: "bfloat16", quantisation: "nf4" } }, "model.quantisation"],
  [{ method: "reward" }, "adapter"],
  [{ method: "grpo", grpo: { reward: scored } }, "adapter"],
  [{ method: "dpo", adapter: { type: "bottleneck" } }, "adapter.type"],
  [{ method: "dpo", adapter: { init: "adapter" } }, "adapter.init"],
  [{ method: "dpo", adapter: { dora: true } }, "adapter.dora"],
  [{ method: "dpo", adapter: { alpha: 1.5 } }, "adapter.alpha"],
  [{ method: "sft", optimizer: { name: "muon" } }, "optimizer.name"],
  [{ method: "sft", optimizer: { schedule: "warmup_stable_decay" } }, "optimizer.schedule"],
  [{ method: "dpo", dpo: { lossType: "ipo" } }, "dpo.lossType"],
  [{ method: "dpo", dpo: { lossType: ["sigmoid", "sft"] } }, "dpo.lossType"],
  [{ method: "dpo", distributed: { processes: 3 } }, "batchSize"],
  [{ method: "dpo", distributed: { offload: "cpu" } }, "distributed.offload"],
  [{ method: "reward", ...whole, reward: { centerRewardsCoefficient: 0.01 } }, "reward.centerRewardsCoefficient"],
  [{ method: "ppo", ...whole, ppo: { reward: scored, targetKl: 0.1 } }, "ppo.targetKl"],
  [{ method: "ppo", ...whole, ppo: { reward: scored, whitenAdvantages: false } }, "ppo.whitenAdvantages"],
  [{ method: "grpo", ...whole, grpo: { reward: scored, lossType: "cispo" } }, "grpo.lossType"],
  [{ method: "grpo", ...whole, grpo: { reward: scored, lossType: "grpo", beta: 0.1 } }, "grpo.beta"],
  [{ method: "grpo", ...whole, grpo: { reward: scored, delta: 1.1 } }, "grpo.delta"],
  [{ method: "grpo", ...whole, grpo: { reward: scored, numMiniBatches: 3 } }, "grpo.numMiniBatches"],
  [{ method: "grpo", ...whole, grpo: { reward: { grader: { endpoint: "m" } } } }, "grpo.reward.grader"],
  [{ method: "rloo", ...whole, rloo: { reward: scored, dynamicSamplingBatches: 2 } }, "rloo.dynamicSamplingBatches"],
])("%j has no command, and the field that stands in its way is named", (more, path) => {
  expect(() => exported(more)).toThrow(expect.objectContaining({ path }));
});

test("what OpenRLHF does otherwise whatever the settings is said above the command", () => {
  const command = commandOf({ method: "dpo", sampleEvery: 10 }, { notes: ["And this."] });
  for (const note of [
    "# Rows come in another order",
    "# LoRA's A starts from other",
    "# It writes no sample",
    "# And this.",
  ])
    expect(command).toContain(`\n${note}`);
});
