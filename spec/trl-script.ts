// A run as a script for TRL 1.16: the same method and options by TRL's names. What the script cannot do is refused at its field.

import { FieldError } from "./field-error";
import type { RunConfig } from "./methods/all";

/** The versions that the script was compared with. */
export const trlVersions = { trl: "1.16.0", transformers: "5.23.0", peft: "0.21.2", torch: "2.15.0" };
/** As pip reads them. */
export const trlPackages = Object.entries(trlVersions).map(([name, version]) => `${name}==${version}`);

/** Methods that there is a script of. */
export type TrlMethod = "sft" | "dpo" | "reward";
export type Scripted = Extract<RunConfig, { method: TrlMethod }>;

export const trlMethods: readonly string[] = ["sft", "dpo", "reward"];

/** The same run, if there is a script of it. Throws a FieldError that says what TRL cannot do. */
export function scripted(config: RunConfig): Scripted {
  if (!trlMethods.includes(config.method))
    throw new FieldError("method", `there is no TRL script of ${config.method}; there is of ${trlMethods.join(", ")}`);
  for (const [path, why] of trlProblems(config)) throw new FieldError(path, why);
  return config as Scripted;
}

type Value = string | number | boolean | null | Value[];
type Options = Record<string, Value>;

/** `model` is a folder in Hugging Face layout, null where it lies beside the script; `steps` is null where the number of rows is not known. */
export function trlScript(config: Scripted, model: string | null, steps: number | null): string {
  const trainer = { sft: "SFT", dpo: "DPO", reward: "Reward" }[config.method];
  const adapter = config.adapter;
  const isReward = config.method === "reward";
  const loaded = isReward ? "AutoModelForSequenceClassification" : "AutoModelForCausalLM";
  return `"""${config.method.toUpperCase()} by TRL ${trlVersions.trl}, as a run of the alignment workbench trains it.

    pip install ${trlPackages.join(" ")}
    python train.py [CHECKPOINT]

Beside this file: rows.jsonl, what is learned from; ${evaluates(config) ? "held-out.jsonl, what is not; " : ""}order.json, which row comes when${model === null ? "; model/" : ""}${adapter ? "; adapter/, where the adapter starts" : ""}.
What is measured is appended to log.ndjson; a file named stop ends the training, saved.
"""

import json
import pathlib
import sys

import datasets
${adapter ? "import peft\n" : ""}import torch
import transformers
import trl
${adapter ? "from safetensors.torch import load_file\n" : ""}
here = pathlib.Path(__file__).parent
base = ${model === null ? 'here / "model"' : python(model)}

tokenizer = transformers.AutoTokenizer.from_pretrained(base)
model = transformers.${loaded}.from_pretrained(base, dtype=torch.${config.model.dtype}${isReward ? ", num_labels=1" : ""})
${isReward ? "model.config.pad_token_id = tokenizer.pad_token_id\n" : ""}
args = trl.${trainer}Config(
    output_dir=str(here / "output"),
${keywords({ ...commonOptions(config, steps), ...optionsOf(config) })}
${evaluates(config) ? "    eval_on_start=len(sys.argv) == 1,\n" : ""})
${adapter ? `adapter = peft.LoraConfig(\n${keywords(loraOptions(config))}\n)\n` : ""}

class InOrder(trl.${trainer}Trainer):
    """Takes the rows in the workbench's order, so that the two can be compared step by step."""

    def _get_train_sampler(self, dataset=None):
        return json.loads((here / "order.json").read_text())


class Report(transformers.TrainerCallback):
    def write(self, state, **values):
        with open(here / "log.ndjson", "a") as log:
            log.write(json.dumps({"step": state.global_step, **values}) + "\\n")

    def on_log(self, args, state, control, logs=None, **_):
        self.write(state, values=logs)

    def on_save(self, args, state, control, **_):
        self.write(state, saved=f"{args.output_dir}/checkpoint-{state.global_step}")

    def on_step_end(self, args, state, control, **_):
        if (here / "stop").exists():
            control.should_save = control.should_training_stop = True


def rows(name):
    return datasets.Dataset.from_list([json.loads(line) for line in open(here / name)])


trainer = InOrder(
    model=model,
    args=args,
    train_dataset=rows("rows.jsonl"),
${evaluates(config) ? `    eval_dataset=rows("held-out.jsonl"),\n` : ""}    processing_class=tokenizer,
    callbacks=[Report()],
${adapter ? "    peft_config=adapter,\n" : ""})
${adapter ? `start = load_file(here / "adapter" / "adapter_model.safetensors")\nassert not peft.set_peft_model_state_dict(trainer.model, start).unexpected_keys\n` : ""}trainer.train(resume_from_checkpoint=sys.argv[1] if len(sys.argv) > 1 else None)
trainer.save_model()
trainer.state.save_to_json(str(here / "trainer_state.json"))  # the workbench shows it as a run: Runs → Import
`;
}

/** What the script of a run, of a method that there is one of, would train otherwise: each with its field. */
export function trlProblems(run: RunConfig): [string, string][] {
  const config = run as Scripted;
  const { adapter, model, optimizer, onSpike } = config;
  const all: [boolean, string, string][] = [
    [model.quantisation !== null, "model.quantisation", "the script holds the base in full precision; leave it empty"],
    [adapter !== null && adapter.type !== "lora", "adapter.type", "the script trains LoRA or every weight"],
    [
      adapter?.type === "lora" && adapter.start !== "zero",
      "adapter.start",
      "PEFT moves the base's weights for this start; set it to zero",
    ],
    [
      adapter?.type === "lora" && Object.keys({ ...adapter.rankPattern, ...adapter.alphaPattern }).length > 0,
      "adapter.rankPattern",
      "the script has one rank and one alpha",
    ],
    [
      !["constant", "linear", "cosine", "inverse_sqrt"].includes(optimizer.schedule),
      "optimizer.schedule",
      "the script takes constant, linear, cosine or inverse_sqrt",
    ],
    [!["adamw", "sgd"].includes(optimizer.name), "optimizer.name", "the script takes adamw or sgd"],
    [optimizer.loraPlusRatio !== 1, "optimizer.loraPlusRatio", "the script has one rate for all of LoRA; set it to 1"],
    [optimizer.clipping !== "global", "optimizer.clipping", "TRL clips globally"],
    [onSpike !== "continue", "onSpike", "TRL leaves no batches out"],
    [
      config.method === "sft" && config.sft.fromScratch,
      "sft.fromScratch",
      "the script starts from the model's weights",
    ],
    [
      "reference" in config && config.reference !== "base",
      "reference",
      "the script's reference is the model with its adapter off: base",
    ],
    [
      config.method === "dpo" && config.dpo.confidenceColumn !== null,
      "dpo.confidenceColumn",
      "TRL reads no confidences",
    ],
    [config.method === "dpo" && [config.dpo.lossType].flat().includes("cdpo"), "dpo.lossType", "TRL has no cdpo"],
    [
      config.method === "dpo" && config.dpo.refModelSyncSteps !== null,
      "dpo.refModelSyncSteps",
      "the script's reference stays",
    ],
    [
      config.method === "reward" && (config.reward.confidenceColumn !== null || config.reward.criterion !== null),
      "reward.confidenceColumn",
      "TRL reads neither confidences nor ratings",
    ],
  ];
  return all.flatMap(([isSo, path, why]) => (isSo ? [[path, why]] : []));
}

function commonOptions(config: Scripted, steps: number | null): Options {
  const { optimizer, batchSize, gradientAccumulationSteps, epochs, data, logEvery, seed, model } = config;
  return {
    per_device_train_batch_size: batchSize,
    gradient_accumulation_steps: gradientAccumulationSteps,
    ...(steps === null ? { num_train_epochs: epochs } : { max_steps: steps }),
    max_length: data.maxLength,
    optim: optimizer.name === "sgd" ? "sgd" : "adamw_torch",
    learning_rate: optimizer.learningRate,
    ...scheduleOptions(config),
    adam_beta1: optimizer.beta1,
    adam_beta2: optimizer.beta2,
    adam_epsilon: optimizer.epsilon,
    weight_decay: optimizer.weightDecay,
    max_grad_norm: optimizer.maxGradNorm ?? 0,
    logging_steps: logEvery,
    seed,
    bf16: model.dtype === "bfloat16",
    gradient_checkpointing: false,
    ...(config.saveEvery === null ? { save_strategy: "no" } : { save_strategy: "steps", save_steps: config.saveEvery }),
    ...(evaluates(config) && {
      ...{ eval_strategy: "steps", eval_steps: config.evalEvery! },
      per_device_eval_batch_size: batchSize,
    }),
    report_to: "none",
  };
}

/** Whether the script measures on rows that it does not learn from. */
export const evaluates = ({ evalEvery, data }: Scripted): boolean =>
  evalEvery !== null && (data.heldOut > 0 || data.eval !== null || data.splitColumn !== null);

function scheduleOptions({ optimizer }: Scripted): Record<string, Value> {
  const { schedule, warmupRatio } = optimizer;
  return {
    lr_scheduler_type: schedule === "constant" && warmupRatio > 0 ? "constant_with_warmup" : schedule,
    ...(warmupRatio > 0 && { warmup_steps: warmupRatio }), // below 1: a share of the steps
  };
}

function optionsOf(config: Scripted): Options {
  if (config.method === "sft") return { completion_only_loss: config.sft.completionOnlyLoss, packing: false };
  if (config.method === "reward") return { center_rewards_coefficient: config.reward.centerRewardsCoefficient || null };
  const { dpo } = config;
  return {
    beta: dpo.beta,
    loss_type: [dpo.lossType].flat(),
    ...(dpo.lossWeights && { loss_weights: dpo.lossWeights }),
    ...(dpo.labelSmoothing > 0 && { label_smoothing: dpo.labelSmoothing }),
    ...(dpo.fDivergenceType !== "reverse_kl" && { f_divergence_type: dpo.fDivergenceType }),
    ...(dpo.fDivergenceType === "alpha_divergence" && { f_alpha_divergence_coef: dpo.fAlphaDivergenceCoef }),
    ...(dpo.ldAlpha !== null && { ld_alpha: dpo.ldAlpha }),
    ...(dpo.useWeighting && { use_weighting: true }),
  };
}

function loraOptions(config: Scripted): Options {
  const { adapter } = config;
  if (adapter?.type !== "lora") return {};
  return {
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    target_modules: adapter.targets,
    ...(adapter.rankStabilised && { use_rslora: true }),
    ...(adapter.dora && { use_dora: true }),
    task_type: config.method === "reward" ? "SEQ_CLS" : "CAUSAL_LM",
    ...(config.method === "reward" && { modules_to_save: ["score"] }),
  };
}

const keywords = (options: Options): string =>
  Object.entries(options)
    .map(([name, value]) => `    ${name}=${python(value)},`)
    .join("\n");

function python(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  return JSON.stringify(value);
}
