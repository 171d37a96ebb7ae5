"""One DPO or reward-model run of TRL on given token ids. Prints one JSON object: seconds and loss of each step, peak memory, versions.

usage: train.py JOB.json, where JOB = {kind, model, adapter, tokens, output, steps, pairs, learningRate, beta, threads, scored, way: {dtype, tuned}}
"""

import json
import os
import sys
import time

job = json.load(open(sys.argv[1]))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import datasets
import peft
import torch
import transformers
import trl
from gpu_memory import memory_used

torch.set_num_threads(job["threads"])
datasets.disable_progress_bars()
way = job["way"]
dtype = getattr(torch, way["dtype"])
reward = job["kind"] == "reward"
kind = transformers.AutoModelForSequenceClassification if reward else transformers.AutoModelForCausalLM
model = kind.from_pretrained(
    job["model"], dtype=dtype if way["tuned"] else torch.float32, **(dict(num_labels=1) if reward else {})
)
if reward:
    model.config.pad_token_id = 0
model = peft.PeftModel.from_pretrained(model, job["adapter"], is_trainable=True)
if way["tuned"]:  # adapter and head stay in float32, as in the default run
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()

rows = json.load(open(job["tokens"]))["rows"][: job["steps"] * job["pairs"]]


def split(row):
    if reward:
        return {side + "_ids": row[side]["input_ids"] for side in ("chosen", "rejected")}
    start = row["chosen"]["completion_mask"].index(1)
    return {
        "prompt_ids": row["chosen"]["input_ids"][:start],
        "chosen_ids": row["chosen"]["input_ids"][start:],
        "rejected_ids": row["rejected"]["input_ids"][start:],
    }


class IdsAsGiven(trl.RewardTrainer if reward else trl.DPOTrainer):
    def _prepare_dataset(self, dataset, *_):
        return dataset

    def _get_train_sampler(self, dataset=None):
        return torch.utils.data.SequentialSampler(dataset if dataset is not None else self.train_dataset)


class Clock(transformers.TrainerCallback):
    seconds, losses, memory = [], [], []

    def on_step_begin(self, *_, **__):
        self.start = time.perf_counter()

    def on_step_end(self, *_, **__):
        self.seconds.append(time.perf_counter() - self.start)
        self.memory.append(int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))

    def on_log(self, args, state, control, logs=None, **__):
        if "loss" in logs:
            self.losses.append(logs["loss"])


vocabulary = {"<pad>": 0, "<eos>": 1}
from tokenizers import Tokenizer, models

tokenizer = transformers.PreTrainedTokenizerFast(
    tokenizer_object=Tokenizer(models.WordLevel(vocabulary, unk_token="<pad>")), pad_token="<pad>", eos_token="<eos>"
)
clock = Clock()
options = dict(
    output_dir=job["output"],
    per_device_train_batch_size=job["pairs"],
    max_steps=job["steps"],
    learning_rate=job["learningRate"],
    lr_scheduler_type="constant",
    max_length=None,
    logging_steps=1,
    save_strategy="no",
    report_to=[],
    use_cpu=not job.get("gpu", False),
    disable_tqdm=True,
)
if way["tuned"]:
    options |= dict(gradient_checkpointing=False, bf16=way["dtype"] == "bfloat16")
if not reward:
    options |= dict(beta=job["beta"], precompute_ref_log_probs=way["tuned"] or job["scored"])
trainer = IdsAsGiven(
    model=model,
    args=(trl.RewardConfig if reward else trl.DPOConfig)(**options),
    train_dataset=datasets.Dataset.from_list([split(row) for row in rows]),
    processing_class=tokenizer,
    callbacks=[clock],
)
trainer.train()
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(
    json.dumps(
        {
            "seconds": clock.seconds,
            "losses": clock.losses,
            "memory": clock.memory,
            "peak": int(peak.split()[1]) * 1024,
            **({"gpu": memory_used()} if job.get("gpu") else {}),
            "versions": {m.__name__: m.__version__ for m in (trl, torch, transformers, peft)},
        }
    )
)
