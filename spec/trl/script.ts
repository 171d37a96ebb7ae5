// A run as a script for TRL 1.16: the same method and options by TRL's names.

import { methodOf } from "../methods/all";
import { deepspeedOnCpu, deviceLines, enoughGpus, launchedStop, launcherOf } from "./distributed";
import { rewardLines, scorerIn } from "./grpo";
import { commonOptions, evaluationOptions, loraOptions, optionsOf } from "./options";
import type { Scripted } from "./problems";
import { keywords, python } from "./python";

/** The versions that the script was compared with. */
export const trlVersions = { trl: "1.16.0", transformers: "5.23.0", peft: "0.21.2", torch: "2.15.0" };
export const deepspeedPackage = "deepspeed==0.19.8";

/** What a run needs, as pip reads it. */
export const trlPackages = ({ distributed }: Pick<Scripted, "distributed">): string[] => [
  ...Object.entries(trlVersions).map(([name, version]) => `${name}==${version}`),
  ...(distributed.zeroStage > 0 ? [deepspeedPackage] : []),
];

/**
 * `model` is a folder in Hugging Face layout, null where it lies beside the script; `steps` is null where the number of rows is not known;
 * `heldOut`: whether there are rows that it does not learn from; `scorer`: the program that computes rewards.
 */
export function trlScript(
  config: Scripted,
  model: string | null,
  steps: number | null,
  heldOut = hasHeldOut(config),
  scorer = scorerIn("node", "alignment-workbench"),
): string {
  const samples = config.method === "grpo";
  const evaluates = heldOut && config.evalEvery !== null && !samples;
  const trainer = { sft: "SFT", dpo: "DPO", kto: "KTO", reward: "Reward", grpo: "GRPO" }[config.method];
  const adapter = config.adapter;
  const isReward = config.method === "reward";
  const isLaunched = launcherOf(config).length > 0;
  const loaded = isReward ? "AutoModelForSequenceClassification" : "AutoModelForCausalLM";
  return `"""${config.method.toUpperCase()} by TRL ${trlVersions.trl}, as a run of the alignment workbench trains it.

    pip install ${trlPackages(config).join(" ")}
    ${["python", ...launcherOf(config)].join(" ")} train.py [CHECKPOINT]

Beside this file: rows.jsonl, what is learned from; ${evaluates ? "held-out.jsonl, what is not; " : ""}order.json, which row comes when${samples ? "; run.json, whose reward the workbench computes" : ""}${model === null ? "; model/" : ""}${adapter ? "; adapter/, where the adapter starts" : ""}.
What is measured is appended to log.ndjson; a file named stop ends the training, saved.
"""

${isReward && !evaluates ? "import itertools\n" : ""}import json
${config.distributed.zeroStage > 0 ? "import os\n" : ""}import pathlib
${samples ? "import subprocess\n" : ""}import sys

${isLaunched ? "import accelerate\n" : ""}import datasets
${adapter ? "import peft\n" : ""}import torch
import transformers
import trl
${adapter ? "from safetensors.torch import load_file\n" : ""}
here = pathlib.Path(__file__).parent
base = ${model === null ? 'here / "model"' : python(model)}

tokenizer = transformers.AutoTokenizer.from_pretrained(base)
model = transformers.${loaded}.from_pretrained(base, dtype=torch.${adapter ? config.model.dtype : "float32"}${isReward ? ", num_labels=1" : ""})
${isReward ? "model.config.pad_token_id = tokenizer.pad_token_id\n" : ""}${config.distributed.processes > 1 ? enoughGpus(config) : ""}
${config.distributed.zeroStage > 0 ? deepspeedOnCpu : ""}args = trl.${trainer}Config(
    output_dir=str(here / "output"),
${keywords({ ...commonOptions(config, steps), ...(evaluates && evaluationOptions(config)), ...optionsOf(config) })}
${evaluates ? "    eval_on_start=len(sys.argv) == 1,\n" : ""}${isLaunched || config.model.dtype === "bfloat16" ? deviceLines(config) : ""})
${adapter ? adapterLines(config) : ""}

${samples ? "" : inOrder(trainer)}class Report(transformers.TrainerCallback):
    def write(self, state, **values):
${isLaunched ? "        if not state.is_world_process_zero:\n            return\n" : ""}        with open(here / "log.ndjson", "a") as log:
            log.write(json.dumps({"step": state.global_step, **values}) + "\\n")

    def on_log(self, args, state, control, logs=None, **_):
        self.write(state, values=logs)

    def on_save(self, args, state, control, **_):
${isLaunched ? "        accelerate.PartialState().wait_for_everyone()  # each has written its own files\n" : ""}        self.write(state, saved=f"{args.output_dir}/checkpoint-{state.global_step}")

    def on_step_end(self, args, state, control, **_):
${isLaunched ? launchedStop : stopAfter(methodOf(config).stepsPerRollout(config))}            control.should_save = control.should_training_stop = True


${samples ? rewardLines(scorer) : readRows}trainer = ${samples ? `trl.${trainer}Trainer` : "InOrder"}(
    model=model,
    args=args,
${samples ? sampledFrom : '    train_dataset=rows("rows.jsonl"),\n'}${evaluates ? `    eval_dataset=rows("held-out.jsonl"),\n` : ""}    processing_class=tokenizer,
    callbacks=[Report()],
${adapter ? "    peft_config=adapter,\n" : ""})
${adapter && config.model.dtype === "bfloat16" ? savedInFloat32 : ""}${adapter ? `start = load_file(here / "adapter" / "adapter_model.safetensors")\nloaded = peft.set_peft_model_state_dict(trainer.model, start)\nassert not loaded.unexpected_keys and not [key for key in loaded.missing_keys if "lora_" in key]\n` : ""}trainer.train(resume_from_checkpoint=sys.argv[1] if len(sys.argv) > 1 else None)
trainer.save_model()
${isLaunched ? "if trainer.is_world_process_zero():\n    " : ""}trainer.state.save_to_json(str(here / "trainer_state.json"))  # the workbench shows it as a run: Runs → Import
${isReward ? scaleLines(evaluates, isLaunched) : ""}`;
}

const inOrder = (trainer: string) => `class InOrder(trl.${trainer}Trainer):
    """Takes the rows in the workbench's order, so that the two can be compared step by step."""

    def _get_train_sampler(self, dataset=None):
        return json.loads((here / "order.json").read_text())


`;

const readRows = `def rows(name):
    return datasets.Dataset.from_list([json.loads(line) for line in open(here / name)])


`;

/** Each update's prompts after the last one's: TRL takes them as they come, and repeats them itself. */
const sampledFrom = `    reward_funcs=reward,
    train_dataset=datasets.Dataset.from_list(
        [{"prompt": rows[i]["prompt"], "row": i} for i in json.loads((here / "order.json").read_text())]
    ),
`;

/** What an update has sampled goes on being learned from to its end. */
const stopAfter = (stepsPerUpdate: number) =>
  `        if (here / "stop").exists()${stepsPerUpdate > 1 ? ` and state.global_step % ${stepsPerUpdate} == 0` : ""}:\n`;

/** PEFT copies whole modules in the base's precision, in which most updates of AdamW are rounded away. */
const savedInFloat32 = `for name, weights in trainer.model.named_parameters():
    if "modules_to_save" in name:
        weights.data = weights.data.float()
`;

const hasHeldOut = ({ data }: Scripted) => data.heldOut > 0 || data.eval !== null || data.splitColumn !== null;

/** A new adapter as the run has it; one that goes on as its files say. */
function adapterLines(config: Scripted): string {
  const { adapter } = config;
  if (adapter?.type !== "lora" || !adapter.init)
    return `adapter = peft.LoraConfig(\n${keywords(loraOptions(config))}\n)\n`;
  return `adapter = peft.LoraConfig.from_pretrained(here / "adapter")
adapter.inference_mode, adapter.lora_dropout = False, ${adapter.dropout}
`;
}

/** The scale of a reward model's scores, by which the workbench standardises them: on held-out rows, or on a first batch where there are none. */
const scaleLines = (evaluates: boolean, isLaunched: boolean) => `
scores = []
with torch.no_grad():
    for batch in ${evaluates ? "trainer.get_eval_dataloader()" : "itertools.islice(trainer.get_train_dataloader(), 1)"}:
        batch = trainer._prepare_inputs(batch)
        logits = trainer.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        scores.append(${isLaunched ? "trainer.accelerator.gather_for_metrics(logits.view(2, -1).T).flatten()" : "logits.flatten()"})
scores = torch.cat(scores).double()
scale = {"mean": scores.mean().item(), "deviation": scores.std(correction=0).item(), "answers": len(scores)}
${isLaunched ? "if trainer.is_world_process_zero():\n    " : ""}(here / "output" / "reward.json").write_text(json.dumps(scale) + "\\n")
`;
