"""A process reward model as TRL trains it: `python make-process-rewards.py` writes trajectories/stepwise.jsonl and trajectories/prm.json.

Needs trl 1.12.0, one of the last with PRMTrainer (1.16 has none), transformers 5.23.0, peft 0.21.2, torch 2.15. CPU, float32, one thread.
TRL's head has a row for each of two labels, and its cross-entropy depends on their difference alone: here both begin at half of reward_init's head,
one with the other sign, and learn at half the rate, so that their difference moves as a head of one row does.
"""

import json
import os
import pathlib
import random
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import datasets
import peft
import torch
import transformers
import trl
from safetensors.torch import load_file
from trl.experimental.prm import PRMConfig, PRMTrainer

torch.set_num_threads(1)
datasets.disable_progress_bars()
here = pathlib.Path(__file__).parent / "trajectories"
steps, rate = 24, 5e-4


def solutions():
    draw = random.Random(12)
    for _ in range(48):
        numbers = [draw.randint(2, 9) for _ in range(draw.randint(2, 4))]
        total, texts, labels, right = numbers[0], [], [], True
        for number in numbers[1:]:
            right = right and draw.random() < 0.75
            said = total + number + (0 if right else draw.randint(1, 3))
            texts.append(f"{total} + {number} = {said}.")
            labels.append(right)
            total = said
        yield {"prompt": f"Add {' and '.join(map(str, numbers))}.\n", "completions": texts, "labels": labels}


rows = list(solutions())
(here / "stepwise.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

config = transformers.AutoConfig.from_pretrained(here / "model", num_labels=2)
config.classifier_dropout = 0.0
model = transformers.AutoModelForTokenClassification.from_pretrained(here / "model", config=config, dtype=torch.float32)
trainer = PRMTrainer(
    model=model,
    peft_config=peft.LoraConfig(
        r=8,
        lora_alpha=16,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        task_type="TOKEN_CLS",
        modules_to_save=["score"],
    ),
    args=PRMConfig(
        output_dir=tempfile.mkdtemp(),
        per_device_train_batch_size=4,
        learning_rate=rate,
        lr_scheduler_type="constant",
        max_steps=steps,
        logging_steps=1,
        max_grad_norm=0.0,
        bf16=False,
        use_cpu=True,
        gradient_checkpointing=False,
        report_to="none",
        save_strategy="no",
        seed=0,
        max_length=256,
        disable_tqdm=True,
    ),
    train_dataset=datasets.Dataset.from_list(rows),
    processing_class=transformers.AutoTokenizer.from_pretrained(here / "model"),
)
values = load_file(here / "reward_init" / "adapter_model.safetensors")
name = "base_model.model.score.weight"
head = values[name]
values[name] = torch.cat([-head / 2, head / 2])
values["base_model.model.score.bias"] = torch.zeros(2)
assert not peft.set_peft_model_state_dict(trainer.model, values).unexpected_keys
score = next(p for name, p in trainer.model.named_parameters() if name.endswith("score.modules_to_save.default.weight"))
for name, parameter in trainer.model.named_parameters():
    if name.endswith("score.modules_to_save.default.bias"):
        parameter.requires_grad_(False)
others = [p for p in trainer.model.parameters() if p.requires_grad and p is not score]
trainer.optimizer = torch.optim.AdamW(
    [{"params": others, "lr": rate}, {"params": [score], "lr": rate / 2}], betas=(0.9, 0.999), eps=1e-8, weight_decay=0
)
trainer._get_train_sampler = lambda *_: torch.utils.data.SequentialSampler(trainer.train_dataset)
tokens = [{"input_ids": row["input_ids"], "labels": row["labels"]} for row in trainer.train_dataset]
trainer.train()
losses = [{"loss": entry["loss"]} for entry in trainer.state.log_history if "loss" in entry]
with torch.no_grad():
    moved = score[1] - score[0]
versions = {module.__name__: module.__version__ for module in (trl, torch, transformers, peft)}
made = {"versions": versions, "rows": tokens, "steps": losses, "head": moved.tolist()}
(here / "prm.json").write_text(json.dumps(made) + "\n")
