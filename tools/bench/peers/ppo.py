"""PPO updates of TRL 1.12.0, the last release that has PPO. Prints one JSON object: seconds of each update, peak memory, versions.

usage: ppo.py JOB.json, where JOB = {model, prompts, output, rollouts, newTokens, updates, threads, way: {dtype}}; PYTHONPATH names TRL 1.12.0
"""

import json
import os
import sys
import time

job = json.load(open(sys.argv[1]))
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"

import datasets
import peft
import torch
import transformers
import trl
from tokenizers import Tokenizer, models
from trl.experimental.ppo import PPOConfig, PPOTrainer

torch.set_num_threads(job["threads"])
datasets.disable_progress_bars()
dtype = getattr(torch, job["way"]["dtype"])
lora = dict(r=16, lora_alpha=32, lora_dropout=0.0, target_modules="all-linear")
load = dict(dtype=dtype)
policy = transformers.AutoModelForCausalLM.from_pretrained(job["model"], **load)
scorer = transformers.AutoModelForSequenceClassification
reward = scorer.from_pretrained(job["model"], num_labels=1, **load)
value = peft.inject_adapter_in_model(
    peft.LoraConfig(task_type="SEQ_CLS", **lora), scorer.from_pretrained(job["model"], num_labels=1, **load)
)
for name, parameter in value.named_parameters():
    parameter.requires_grad = "lora_" in name or name.startswith("score")
for model in (reward, value):
    model.config.pad_token_id = 0
policy.config.pad_token_id = 0


class Clock(transformers.TrainerCallback):
    seconds = []

    def on_train_begin(self, *_, **__):
        self.start = time.perf_counter()

    def on_step_end(self, *_, **__):
        now = time.perf_counter()
        self.seconds.append(now - self.start)
        self.start = now


vocabulary = {"<pad>": 0, "<eos>": 1}
tokenizer = transformers.PreTrainedTokenizerFast(
    tokenizer_object=Tokenizer(models.WordLevel(vocabulary, unk_token="<pad>")), pad_token="<pad>", eos_token="<eos>"
)
clock = Clock()
trainer = PPOTrainer(
    args=PPOConfig(
        output_dir=job["output"],
        per_device_train_batch_size=job["rollouts"],
        gradient_accumulation_steps=1,
        num_mini_batches=1,
        num_ppo_epochs=1,
        total_episodes=job["rollouts"] * job["updates"],
        local_rollout_forward_batch_size=job["rollouts"],
        response_length=job["newTokens"],
        temperature=1.0,
        stop_token=None,
        num_sample_generations=0,
        learning_rate=1e-5,
        lr_scheduler_type="constant",
        gradient_checkpointing=False,
        bf16=job["way"]["dtype"] == "bfloat16",
        use_cpu=not job.get("gpu", False),
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
    ),
    processing_class=tokenizer,
    model=policy,
    ref_model=None,
    reward_model=reward,
    value_model=value,
    train_dataset=datasets.Dataset.from_list([{"input_ids": ids} for ids in job["prompts"]]),
    peft_config=peft.LoraConfig(task_type="CAUSAL_LM", **lora),
    callbacks=[clock],
)
trainer.train()
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(
    json.dumps(
        {
            "seconds": clock.seconds,
            "losses": [],
            "peak": int(peak.split()[1]) * 1024,
            **({"gpu": memory_used()} if job.get("gpu") else {}),
            "versions": {m.__name__: m.__version__ for m in (trl, torch, transformers, peft)},
        }
    )
)
